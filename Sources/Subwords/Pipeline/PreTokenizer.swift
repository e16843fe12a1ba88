// SPDX-License-Identifier: Apache-2.0

/// How normalised text is cut into words: at white space, with a mark at the start of each.
struct PreTokenizer: Sendable {
  /// Which words get the mark: all, the text's first one, or none.
  enum Prepend: String, Sendable { case always, first, never }

  /// The mark of a word's start, U+2581.
  static let mark: Unicode.Scalar = "\u{2581}"

  private var splitsAtSpace = false
  private var replacesSpaces = false
  private var prepend = Prepend.never
  private var splitsAtMark = false

  init(_ json: JSONValue?) throws(SubwordError) {
    guard let json, !json.isNull else { return }
    let steps = json["type"]?.string == "Sequence" ? json["pretokenizers"]?.array ?? [] : [json]
    for (number, step) in steps.enumerated() {
      let kind = step["type"]?.string ?? "none"
      switch kind {
      case "WhitespaceSplit" where number == 0: splitsAtSpace = true
      case "Metaspace":
        guard step["replacement"]?.string ?? "\u{2581}" == "\u{2581}" else {
          throw SubwordError(.unsupported, "Metaspace is supported with the mark U+2581 only")
        }
        replacesSpaces = true
        splitsAtMark = step["split"]?.bool ?? true
        if let scheme = step["prepend_scheme"]?.string {
          guard let prepend = Prepend(rawValue: scheme) else {
            throw SubwordError(
              .unsupported, "Metaspace's prepend_scheme '\(scheme)' is not supported")
          }
          self.prepend = prepend
        } else {
          prepend = step["add_prefix_space"]?.bool ?? true ? .always : .never
        }
      default:
        throw SubwordError(.unsupported, "the pre-tokenizer '\(kind)' is not supported here")
      }
    }
  }

  /// The words of a normalised text; `isFirst` where it begins the original.
  func words(_ text: NormalizedText, isFirst: Bool) -> [NormalizedText] {
    var words: [NormalizedText] = []
    if splitsAtSpace {
      var start: Int?
      for (index, scalar) in text.scalars.enumerated() {
        if scalar.properties.isWhitespace {
          if let begin = start { words.append(text.part(begin..<index)) }
          start = nil
        } else if start == nil {
          start = index
        }
      }
      if let begin = start { words.append(text.part(begin..<text.scalars.count)) }
    } else {
      words = [text]
    }
    guard replacesSpaces else { return words.filter { !$0.scalars.isEmpty } }
    return words.enumerated().flatMap { number, word in
      var word = word
      word.replaceEach(" ", with: Self.mark)
      let wants = prepend == .always || (prepend == .first && isFirst && number == 0)
      if wants, word.scalars.first != Self.mark { word.prepend(Self.mark) }
      return splitsAtMark ? Self.split(word) : [word]
    }.filter { !$0.scalars.isEmpty }
  }

  /// Cut before each mark, which stays with what follows.
  private static func split(_ word: NormalizedText) -> [NormalizedText] {
    var cuts = [0]
    for (index, scalar) in word.scalars.enumerated() where scalar == mark && index > 0 {
      cuts.append(index)
    }
    cuts.append(word.scalars.count)
    return zip(cuts, cuts.dropFirst()).filter { $0 < $1 }.map { word.part($0..<$1) }
  }
}
