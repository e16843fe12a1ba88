// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

@Suite("Double array")
struct DoubleArrayTests {
  @Test("finds every key and nothing else", arguments: [0, 1, 2, 300, 20_000])
  func lookup(_ count: Int) throws {
    var random = SeededGenerator(state: UInt64(count))
    var keys = Set<[UInt8]>()
    while keys.count < count {
      keys.insert(
        (0..<Int.random(in: 1...9, using: &random)).map { _ in
          UInt8.random(in: 1...255, using: &random) & 0xC7 | 1
        })
    }
    let sorted = keys.sorted { $0.lexicographicallyPrecedes($1) }
    let values = sorted.indices.map { Int32($0 % 50) }
    let plain = try DoubleArrayBuilder.build(keys: sorted.map { $0[...] }, values: values)
    let shared = try SharedTrie.build(keys: ByteList(sorted), values: values)
    for (key, value) in zip(sorted, values) {
      #expect(plain.value(of: key) == value)
      #expect(shared.value(of: key) == value)
    }
    for key in sorted {
      let other = key + [2]
      #expect((plain.value(of: other) != nil) == keys.contains(other))
      #expect((shared.value(of: other) != nil) == keys.contains(other))
      #expect(plain.value(of: key.dropLast()) == shared.value(of: key.dropLast()))
    }
  }

  @Test("holds a key longer than any stack is deep")
  func longKey() throws {
    let key = [UInt8](repeating: 97, count: 200_000)
    let entries: [(key: ArraySlice<UInt8>, value: Int32)] = [(key[...], 5)]
    let trie = try PieceTrie(entries)
    #expect(trie.value(of: key) == 5)
    #expect(trie.value(of: key.dropLast()) == nil)
  }

  @Test("of equal pieces the last one counts")
  func duplicates() throws {
    let key: [UInt8] = [98, 99]
    let entries: [(key: ArraySlice<UInt8>, value: Int32)] = [
      (key[...], 4), ([97], 0), (key[...], 1),
    ]
    #expect(try PieceTrie(entries).value(of: key) == 4)
  }
}
