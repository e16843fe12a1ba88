// SPDX-License-Identifier: Apache-2.0

/// A sentence to be measured.
public struct InspectionSentence: Sendable, Equatable {
  /// Its language, as the data names it.
  public var language: String
  /// The sentence.
  public var text: String
  /// What says which sentences are translations of each other, and which draws of the bootstrap are this
  /// sentence's: equal in all languages, different within one.
  public var key: UInt64

  /// A sentence with its key.
  public init(language: String, text: String, key: UInt64) {
    self.language = language
    self.text = text
    self.key = key
  }

  /// The key of a sentence that has a name.
  ///
  /// FNV-1a over the name's bytes, mixed: two of a million names meet with a probability of about 10⁻⁸.
  public static func key(named name: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash ^= hash >> 32
    return hash &* 0xD6E8_FEB8_6659_FD93
  }

  /// The key of a sentence that is known by its place: its line in the `file`th file of its language.
  public static func key(line: Int, file: Int = 0) -> UInt64 {
    UInt64(truncatingIfNeeded: file) << 40 | UInt64(truncatingIfNeeded: line)
  }
}
