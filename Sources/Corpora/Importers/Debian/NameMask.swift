// SPDX-License-Identifier: Apache-2.0

/// Puts a word in place of the names of a package and its source.
///
/// The names would give the topic away, and they are the same in all languages. The word is "this", because
/// it reads as a word, and as one piece, to an encoder that never saw a mask: "this is a player for …".
struct NameMask {
  /// What stands in place of a name.
  static let word = "this"
  /// Shorter names are left: they are words more often than names.
  static let minimumLength = 3

  /// The names in lower case, the longest first, so that `nautilus-data` is not cut at `nautilus`.
  private let names: [[UInt8]]

  init(_ package: DebianPackage) {
    names = Set([package.name, package.source]).filter { $0.utf8.count >= Self.minimumLength }
      .sorted { (-$0.utf8.count, $0) < (-$1.utf8.count, $1) }.map { Array($0.lowercased().utf8) }
  }

  /// Text with each name that stands alone replaced, whatever its case; a name inside a longer word of
  /// letters or digits is left.
  func callAsFunction(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var masked: [UInt8] = []
    masked.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let isStart = index == 0 || !Self.isWord(bytes[index - 1])
      if isStart, let name = names.first(where: { Self.matches($0, bytes, at: index) }) {
        masked.append(contentsOf: Self.word.utf8)
        index += name.count
      } else {
        masked.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: masked, as: UTF8.self)
  }

  private static func matches(_ name: [UInt8], _ bytes: [UInt8], at index: Int) -> Bool {
    let end = index + name.count
    guard end <= bytes.count, end == bytes.count || !isWord(bytes[end]) else { return false }
    for offset in 0..<name.count where lowercased(bytes[index + offset]) != name[offset] {
      return false
    }
    return true
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// A letter or digit of ASCII, of which names are made.
  ///
  /// Letters of other scripts end a name: Japanese puts no space between it and what follows.
  private static func isWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased(byte))
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
