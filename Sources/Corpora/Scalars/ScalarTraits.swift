// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// What Unicode says of a scalar, as far as text is counted, filtered and compared here.
struct ScalarTraits: Sendable, Equatable {
  /// Kinds of scalars, from the general category.
  enum Kind: UInt8, Sendable {
    case letter
    case mark
    case digit
    case number
    case punctuation
    case symbol
    case space
    case control
    /// Format characters: joiners, marks of direction.
    case format
    /// Unassigned, private or no character.
    case other
  }

  /// The kind in the low byte, the script's number in the high one.
  private let bits: UInt16

  private init(bits: UInt16) { self.bits = bits }

  /// The kind.
  var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: bits)) ?? .other }
  /// The place of the script among all.
  var script: Int { Int(bits >> 8) }
  /// Whether it is part of a word: a letter, or a mark on one.
  var isWord: Bool { UInt8(truncatingIfNeeded: bits) <= Kind.mark.rawValue }

  /// The traits of a scalar's number.
  static subscript(value: UInt32) -> ScalarTraits {
    let index = Int(value)
    if index < tableSize { return table[index] }
    return ScalarTraits(computing: value)
  }

  /// The traits of all scalars of the first planes, for loops that look up many.
  @inline(__always)
  static func lookup(_ value: UInt32, in table: [ScalarTraits]) -> ScalarTraits {
    Int(value) < tableSize ? table[Int(value)] : ScalarTraits(computing: value)
  }

  /// The two planes that nearly all writing is in.
  static let tableSize = 0x20000
  static let table = (0..<UInt32(tableSize)).map { ScalarTraits(computing: $0) }

  private init(computing value: UInt32) {
    guard let scalar = Unicode.Scalar(value) else {
      bits = UInt16(Kind.other.rawValue)
      return
    }
    bits = UInt16(Self.kind(of: scalar).rawValue) | UInt16(scalar.script.rawValue) << 8
  }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      .letter
    case .nonspacingMark, .spacingMark, .enclosingMark: .mark
    case .decimalNumber: .digit
    case .letterNumber, .otherNumber: .number
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      .punctuation
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: .symbol
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: .space
    case .control: isLineSpace(scalar.value) ? .space : .control
    case .format: .format
    case .surrogate, .privateUse, .unassigned: .other
    @unknown default: .other
    }
  }

  private static func isLineSpace(_ value: UInt32) -> Bool {
    0x09...0x0d ~= value || value == 0x85
  }
}
