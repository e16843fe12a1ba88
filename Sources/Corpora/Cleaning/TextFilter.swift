// SPDX-License-Identifier: Apache-2.0

/// Judges whether a text, or a pair of texts that should be translations, is fit to be kept.
public protocol TextFilter: Sendable {
  /// Its name, what it looks for, and what can be set.
  static var specification: FilterSpecification { get }

  /// A filter with its parameters set.
  init(_ values: FilterValues)

  /// Why the candidate is not fit; nil where it is.
  func reason(_ candidate: FilterCandidate) -> String?
}

/// What a filter is called and what can be set.
public struct FilterSpecification: Sendable {
  /// A number that can be set.
  public struct Parameter: Sendable {
    /// Its name: "max-ratio".
    public let name: String
    /// What it is unless set.
    public let value: Double
    /// What it means.
    public let meaning: String

    /// A parameter.
    public init(_ name: String, _ value: Double, _ meaning: String) {
      self.name = name
      self.value = value
      self.meaning = meaning
    }
  }

  /// The name on the command line.
  public let name: String
  /// What it looks for, in a line.
  public let summary: String
  /// Whether it compares the two texts of a pair; else it looks at each text.
  public let comparesPairs: Bool
  /// What can be set.
  public let parameters: [Parameter]

  /// A specification.
  public init(
    _ name: String, _ summary: String, comparesPairs: Bool = false, _ parameters: [Parameter]
  ) {
    self.name = name
    self.summary = summary
    self.comparesPairs = comparesPairs
    self.parameters = parameters
  }
}

/// The numbers that a filter's parameters are set to.
public struct FilterValues: Sendable {
  private let values: [String: Double]

  /// The specification's values, some of them set otherwise.
  ///
  /// - Throws: `CorpusError.Code.format` where a parameter is unknown, with the one that is spelled most like it.
  public init(
    _ specification: FilterSpecification, setting others: [String: Double] = [:]
  ) throws(CorpusError) {
    var values: [String: Double] = [:]
    for parameter in specification.parameters { values[parameter.name] = parameter.value }
    for (name, value) in others.sorted(by: { $0.key < $1.key }) {
      guard values[name] != nil else {
        let nearest = specification.parameters.map(\.name).min {
          (editDistance($0, name), $0) < (editDistance($1, name), $1)
        }
        throw CorpusError(
          .format, "the filter '\(specification.name)' has no parameter '\(name)'",
          expected: specification.parameters.map(\.name).joined(separator: ", "),
          hint: nearest.map { "did you mean '\($0)'?" })
      }
      values[name] = value
    }
    self.values = values
  }

  /// The value of a parameter of the specification.
  public subscript(name: String) -> Double {
    guard let value = values[name] else { preconditionFailure("no parameter '\(name)'") }
    return value
  }
}

/// A text, or a source and its translation, with what filters want to know of them.
public struct FilterCandidate: Sendable {
  /// The texts as UTF-8: one, or a source and its translation.
  public let texts: [[UInt8]]
  /// What is counted in each.
  public let profiles: [TextProfile]
  /// The language that each should be in, where that is known.
  public let languages: [LanguageTag?]

  /// A candidate; its texts must be valid UTF-8.
  public init(_ texts: [[UInt8]], languages: [LanguageTag?] = []) {
    self.texts = texts
    profiles = texts.map { TextProfile($0) }
    self.languages = texts.indices.map { languages.indices.contains($0) ? languages[$0] : nil }
  }

  /// A candidate from text.
  public init(_ texts: [String], languages: [LanguageTag?] = []) {
    self.init(texts.map { Array($0.utf8) }, languages: languages)
  }

  /// The first reason that some text gives, with its side where there are two.
  func firstReason(_ judge: (_ index: Int) -> String?) -> String? {
    for index in texts.indices {
      guard let reason = judge(index) else { continue }
      return texts.count == 1 ? reason : "\(index == 0 ? "source" : "target"): \(reason)"
    }
    return nil
  }
}

/// A number in a reason: at most two places.
func brief(_ value: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  let hundredths = (value * 100).rounded() / 100
  return hundredths == hundredths.rounded() && abs(hundredths) < 1e15
    ? String(Int(hundredths)) : String(hundredths)
}
