// SPDX-License-Identifier: Apache-2.0

/// How BLEU cuts sentences into words; by the names and rules of sacreBLEU.
///
/// Source: Post, "A call for clarity in reporting BLEU scores", 2018, and sacreBLEU 2.6.0.
public enum TranslationTokenizer: String, Sendable, Hashable, Codable, CaseIterable {
  /// NIST's `mteval-v13a`, for languages in western scripts: sacreBLEU's own choice.
  case mteval13a = "13a"
  /// NIST's `mteval-v14` with its international rules: punctuation and symbols of all Unicode part words.
  case international = "intl"
  /// Each ideograph by itself, the rest by ``mteval13a``'s rules.
  case chinese = "zh"
  /// Each scalar by itself.
  case characters = "char"
  /// Words between spaces: text that is cut already.
  case none

  /// A tokenizer by its name.
  ///
  /// - Throws: `MetricsError.Code.unsupported` for a name that is not one of those above.
  public init(named name: String) throws(MetricsError) {
    guard let known = Self(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw MetricsError(
        .unsupported,
        "expected a tokenizer among \(names), found '\(name)'; "
          + "those that need a dictionary or a model are not here")
    }
    self = known
  }

  /// A sentence cut into words, with one space between.
  public func callAsFunction(_ sentence: String) -> String {
    tokenized(ScalarText(text: sentence)).string
  }

  func tokenized(_ text: ScalarText) -> ScalarText {
    switch self {
    case .none: return text
    case .characters: return ScalarText(text.map { [$0] }.joined(separator: [" "]))
    case .mteval13a:
      var line = text.replacing("<skipped>", with: "").replacing("-\n", with: "")
        .replacing("\n", with: " ")
      for (entity, sign) in Self.entities { line = line.replacing(entity, with: sign) }
      return Self.western([" "] + line + [" "]).collapsed
    case .chinese:
      let stripped = ScalarText(text.drop(while: \.isSeparator).trimmingEnd)
      return Self.western(stripped.spacing(Self.isChinese)).collapsed
    case .international:
      return
        text
        .rewriting({ !$0.isNumber }, \.isPunctuation) { [$0, " ", $1, " "] }
        .rewriting(\.isPunctuation, { !$0.isNumber }) { [" ", $0, " ", $1] }
        .spacing(\.isSymbol).collapsed
    }
  }

  /// Signs that are written as entities, in the order in which they are read.
  static let entities = [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]

  /// Whether mteval sets it apart wherever it stands.
  static func isWesternSign(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x26, 0x28...0x2b, 0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
    default: false
    }
  }

  /// The rules of mteval-v13a for western languages.
  static func western(_ text: ScalarText) -> ScalarText {
    digitRules(text.spacing(isWesternSign))
  }

  /// Periods and commas part words unless between digits; so does a dash behind a digit.
  static func digitRules(_ text: ScalarText) -> ScalarText {
    func isStop(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }
    return
      text
      .rewriting({ !$0.isASCIIDigit }, isStop) { [$0, " ", $1, " "] }
      .rewriting(isStop, { !$0.isASCIIDigit }) { [" ", $0, " ", $1] }
      .rewriting(\.isASCIIDigit, { $0 == "-" }) { [$0, " ", $1, " "] }
  }

  /// What sacreBLEU takes for Chinese.
  ///
  /// Two of its ranges are written with one digit too many; they cover U+2001 to U+2A6D in effect, general punctuation and
  /// arrows among them. Published scores have it so.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2001...0x2a6d, 0x2e80...0x2fdf, 0x2ff0...0x303f, 0x3100...0x312f, 0x31a0...0x31bf,
      0x31c0...0x31ef, 0x3200...0x33ff, 0x3400...0x4db5, 0x4e00...0x9fbb, 0xf900...0xfa2d,
      0xfa30...0xfa6a, 0xfa70...0xfad9, 0xfe10...0xfe1f, 0xfe30...0xfe4f, 0xff00...0xffef:
      true
    default: false
    }
  }
}
