// SPDX-License-Identifier: Apache-2.0

/// The filters there are, in the order in which they judge.
public enum TextFilters {
  /// Every filter.
  public static let all: [any TextFilter.Type] = [
    LengthFilter.self, EncodingFilter.self, MarkupFilter.self, URLFilter.self,
    BoilerplateFilter.self, SymbolsFilter.self, RepetitionFilter.self, ScriptFilter.self,
    LanguageFilter.self, CopyFilter.self, LengthRatioFilter.self, NumbersFilter.self,
    PunctuationFilter.self,
  ]

  /// The specifications of every filter.
  public static var specifications: [FilterSpecification] { all.map { $0.specification } }

  /// A filter's name and the parameters that are set for it, as "length:min-chars=3,max-chars=500".
  public struct Setting: Sendable, Equatable {
    /// The filter's name.
    public let name: String
    /// What is set.
    public let values: [String: Double]

    /// Reads a setting.
    ///
    /// - Throws: `CorpusError.Code.format` where the filter is unknown or a value is no number.
    public init(_ text: String) throws(CorpusError) {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      name = parts.first ?? ""
      try TextFilters.check(name)
      var values: [String: Double] = [:]
      for pair in parts.count > 1 ? parts[1].split(separator: ",") : [] {
        let sides = pair.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, let value = Double(sides[1]), value.isFinite else {
          throw CorpusError(
            .format, "the filter '\(name)' cannot be set so", expected: "key=number",
            found: "'\(pair)'", hint: "as length:min-chars=3,max-chars=500")
        }
        values[String(sides[0])] = value
      }
      self.values = values
    }
  }

  /// Filters for one text or for pairs.
  ///
  /// - Parameters:
  ///   - isParallel: Whether those that compare the texts of a pair are among them.
  ///   - settings: What is set for some of them; later settings go over earlier ones.
  ///   - only: The names of those to take; all when nil.
  ///   - without: The names of those to leave out.
  ///   - identifier: What the filter for languages asks.
  /// - Throws: `CorpusError.Code.format` where a name or a parameter is unknown.
  public static func make(
    isParallel: Bool, settings: [Setting] = [], only: [String]? = nil, without: [String] = [],
    identifier: (any LanguageIdentifier)? = nil
  ) throws(CorpusError) -> [any TextFilter] {
    for name in (only ?? []) + without { try check(name) }
    var filters: [any TextFilter] = []
    for type in all {
      let specification = type.specification
      var values: [String: Double] = [:]
      for setting in settings where setting.name == specification.name {
        values.merge(setting.values) { $1 }
      }
      let parameters = try FilterValues(specification, setting: values)
      guard !specification.comparesPairs || isParallel,
        only?.contains(specification.name) ?? true, !without.contains(specification.name)
      else { continue }
      var filter = type.init(parameters)
      if var languages = filter as? LanguageFilter {
        languages.identifier = identifier
        filter = languages
      }
      filters.append(filter)
    }
    return filters
  }

  static func check(_ name: String) throws(CorpusError) {
    let names = specifications.map(\.name)
    guard !names.contains(name) else { return }
    let nearest = names.min { (editDistance($0, name), $0) < (editDistance($1, name), $1) }
    throw CorpusError(
      .format, "there is no filter '\(name)'", expected: names.joined(separator: ", "),
      hint: nearest.map { "did you mean '\($0)'?" })
  }
}
