// SPDX-License-Identifier: Apache-2.0

/// How tags such as "B-PER" spell entities over words.
///
/// | scheme | an entity of three words | of one word |
/// |---|---|---|
/// | ``iob1`` | I I I (B only right behind one of the same type) | I |
/// | ``iob2`` | B I I | B |
/// | ``ioe1`` | I I I (E only right before one of the same type) | I |
/// | ``ioe2`` | I I E | E |
/// | ``iobes`` | B I E | S |
/// | ``bilou`` | B I L | U |
///
/// Sources: Ramshaw and Marcus, "Text chunking using transformation-based learning", 1995; Tjong Kim Sang and Veenstra,
/// "Representing text chunks", 1999; Ratinov and Roth, "Design challenges and misconceptions in named entity recognition", 2009.
public enum TagScheme: String, Sendable, Hashable, Codable, CaseIterable {
  /// B only where two entities of one type touch.
  case iob1
  /// B at every start: CoNLL-2003 as it is mostly written, often called BIO.
  case iob2
  /// E only where two entities of one type touch.
  case ioe1
  /// E at every end.
  case ioe2
  /// B, I, E, and S for single words.
  case iobes
  /// B, I, L, and U for single words.
  case bilou

  /// The letters that tags of the scheme begin with, "O" among them.
  public var prefixes: [Unicode.Scalar] {
    switch self {
    case .iob1, .iob2: ["B", "I", "O"]
    case .ioe1, .ioe2: ["E", "I", "O"]
    case .iobes: ["B", "E", "I", "O", "S"]
    case .bilou: ["B", "I", "L", "O", "U"]
    }
  }

  /// Whether an entity starts at `tag`.
  func starts(_ previous: EntityTag, _ tag: EntityTag) -> Bool {
    let isSame = previous.hasType(of: tag)
    return switch (self, tag.prefix) {
    case (.iob1, "I"), (.ioe1, "I"):
      previous.prefix != "I" || !isSame
    case (.iob1, "B"): (previous.prefix == "I" || previous.prefix == "B") && isSame
    case (.ioe1, "E"): previous.prefix == "E" && isSame
    case (.ioe2, "I"), (.ioe2, "E"): previous.prefix != "I" || !isSame
    case (.iob2, "B"), (.iobes, "B"), (.iobes, "S"), (.bilou, "B"), (.bilou, "U"): true
    default: false
    }
  }

  /// Whether `tag` goes on with the entity that `previous` belongs to.
  func continues(_ previous: EntityTag, _ tag: EntityTag) -> Bool {
    guard previous.hasType(of: tag) else { return false }
    return switch self {
    case .iob1, .iob2: tag.prefix == "I" && (previous.prefix == "B" || previous.prefix == "I")
    case .ioe1, .ioe2: (tag.prefix == "I" || tag.prefix == "E") && previous.prefix == "I"
    case .iobes:
      (tag.prefix == "I" || tag.prefix == "E") && (previous.prefix == "B" || previous.prefix == "I")
    case .bilou:
      (tag.prefix == "I" || tag.prefix == "L") && (previous.prefix == "B" || previous.prefix == "I")
    }
  }

  /// Whether an entity whose last tag is `last` is whole when `next` does not go on with it.
  func closes(_ last: EntityTag, _ next: EntityTag) -> Bool {
    let isSame = last.hasType(of: next)
    return switch self {
    case .iob1:
      last.prefix == "I" || next.prefix == "O" || next.prefix == "I" && !isSame
        || next.prefix == "B" && isSame
    case .iob2: true
    case .ioe1:
      last.prefix == "I" ? next.prefix == "O" || !isSame : next.prefix != "O" && isSame
    case .ioe2: last.prefix == "E"
    case .iobes: last.prefix == "E" || last.prefix == "S"
    case .bilou: last.prefix == "L" || last.prefix == "U"
    }
  }
}

/// A tag taken apart: the letter before the dash, and the type behind it.
struct EntityTag {
  /// What text outside entities has.
  static let outside = EntityTag("O")

  let prefix: Unicode.Scalar
  let type: String

  /// A tag as it is written; "B-PER" has the type "PER", a bare "B" the type "_".
  init(_ tag: String) {
    let scalars = tag.unicodeScalars
    prefix = scalars.first ?? "O"
    let rest = scalars.dropFirst()
    let name = rest.firstIndex(of: "-").map { rest[rest.index(after: $0)...] } ?? rest.suffix(0)
    type = name.isEmpty ? "_" : String(name)
  }

  func hasType(of other: EntityTag) -> Bool {
    type.unicodeScalars.elementsEqual(other.type.unicodeScalars)
  }
}
