// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A compiled set of normalisation rules: byte string to replacement, as SentencePiece stores them
/// in `precompiled_charsmap` and tokenizer.json as `Precompiled`.
///
/// The blob is a little-endian 32-bit length, a ``DoubleArray`` of that many bytes over the left
/// sides, and the right sides, each ended by NUL; a key's value is the position of its right side.
public struct CharacterMap: Sendable, Equatable {
  /// The blob as it stands in files.
  public let blob: [UInt8]
  let trie: DoubleArray
  /// The right sides; ends in NUL.
  let replacements: [UInt8]
  /// What rules say about each scalar of the basic plane; empty where that cannot be told.
  let classes: FixedArray<UInt8>

  /// Compares the blobs.
  public static func == (left: CharacterMap, right: CharacterMap) -> Bool {
    left.blob == right.blob
  }

  /// Reads a blob; an empty one has no rules.
  ///
  /// Throws ``SubwordError/Code/malformed`` if the lengths do not fit or the right sides are not
  /// UTF-8.
  public init(blob: [UInt8]) throws(SubwordError) {
    self.blob = blob
    guard !blob.isEmpty else {
      trie = DoubleArray(units: [])
      replacements = [0]
      classes = FixedArray(Self.classes(of: trie))
      return
    }
    guard blob.count >= 4 else {
      throw SubwordError(
        .malformed, "expected a charsmap of at least 4 bytes, found \(blob.count)")
    }
    let word = { (index: Int) -> UInt32 in
      UInt32(blob[index]) | UInt32(blob[index + 1]) << 8 | UInt32(blob[index + 2]) << 16
        | UInt32(blob[index + 3]) << 24
    }
    let length = Int(word(0))
    guard length % 4 == 0, length <= blob.count - 4 else {
      throw SubwordError(
        .malformed,
        "expected a charsmap trie of a multiple of 4 and at most \(blob.count - 4) bytes, "
          + "found a length of \(length); the file may be truncated")
    }
    trie = DoubleArray(units: (0..<length / 4).map { word(4 + 4 * $0) })
    let sides = blob[(4 + length)...]
    guard String(validating: sides, as: UTF8.self) != nil else {
      throw SubwordError(
        .malformed, "expected UTF-8 in the charsmap's right sides, found other bytes")
    }
    replacements = Array(sides) + [0]
    classes = FixedArray(Self.classes(of: trie))
  }

  /// The right side that starts at `position`.
  @inline(__always)
  func replacement(at position: Int32) -> Range<Int> {
    let start = min(Int(position), replacements.count - 1)
    var end = start
    while replacements[end] != 0 { end += 1 }
    // A hostile value may point between the bytes of a scalar; no rule is the safe reading.
    guard replacements[start] & 0xC0 != 0x80 else { return start..<start }
    return start..<end
  }

  /// The longest left side that `bytes[start...]` begins with: its length and its right side.
  @inline(__always)
  func longestMatch(
    _ units: UnsafeBufferPointer<UInt32>, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (length: Int, replacement: Range<Int>)? {
    var state = trie.root
    var length = 0
    var value: Int32 = -1
    var index = start
    while index < bytes.count, let found = DoubleArray.step(units, &state, bytes[index]) {
      index += 1
      if found >= 0 {
        length = index - start
        value = found
      }
    }
    return length == 0 ? nil : (length, replacement(at: value))
  }

  /// The right side of the shortest left side that `bytes[range]` begins with.
  @inline(__always)
  func shortestMatch(
    _ units: UnsafeBufferPointer<UInt32>, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Range<Int>? {
    var state = trie.root
    for index in range {
      guard let found = DoubleArray.step(units, &state, bytes[index]) else { return nil }
      if found >= 0 { return replacement(at: found) }
    }
    return nil
  }
}
