// SPDX-License-Identifier: Apache-2.0

/// A reason to fear that a source teaches a target worse than another choice would: negative transfer.
public enum TransferRisk: Sendable, Equatable {
  /// Expected to do worse than a language that one would take anyway, such as English.
  case belowBaseline(language: String, expected: Double, baseline: Double)
  /// Expected to do no better than always answering the commonest class.
  case belowMajority(expected: Double, majority: Double)
  /// Written in a script of which the base's vocabulary does not have this share of pieces.
  case unseenScript(unknown: Double)
  /// Cut into many pieces per word, beside the median of the candidates.
  case fertility(Double, median: Double)
  /// So few rows that their labels are learnt badly.
  case tinyData(rows: Int)
  /// Has no example of classes that other candidates have.
  case missingClasses([String])

  /// Expected accuracy that much below the baseline's is a risk.
  public static let margin = 0.02
  /// Unknown pieces above this share are a risk.
  public static let unknownLimit = 0.02
  /// More pieces per word than this many times the candidates' median are a risk.
  public static let fertilityLimit = 1.5
  /// Fewer rows than this are a risk.
  public static let rowLimit = 100

  /// The risk in a sentence.
  public var description: String {
    switch self {
    case .belowBaseline(let language, let expected, let baseline):
      "expected at \(RankedSource.text(expected)), below \(language) with \(RankedSource.text(baseline))"
    case .belowMajority(let expected, let majority):
      "expected at \(RankedSource.text(expected)), no better than always the commonest class with \(RankedSource.text(majority))"
    case .unseenScript(let unknown):
      "the base's vocabulary lacks \(RankedSource.text(unknown * 100)) % of its pieces"
    case .fertility(let value, let median):
      "\(RankedSource.text(value)) pieces per word, where the median is \(RankedSource.text(median))"
    case .tinyData(let rows): "only \(rows) rows"
    case .missingClasses(let classes): "no example of \(classes.joined(separator: ", "))"
    }
  }

  /// The risk's name in results.
  public var name: String {
    switch self {
    case .belowBaseline: "belowBaseline"
    case .belowMajority: "belowMajority"
    case .unseenScript: "unseenScript"
    case .fertility: "fertility"
    case .tinyData: "tinyData"
    case .missingClasses: "missingClasses"
    }
  }

  /// The risks of a candidate among others.
  ///
  /// - Parameters:
  ///   - profile: what its text consists of.
  ///   - expected: the accuracy to expect on the target; nil without labels.
  ///   - baseline: the language one would take anyway with its expected accuracy; nil where it is no candidate.
  ///   - majority: the share of the commonest class.
  ///   - medianFertility: of the candidates.
  ///   - missing: classes it has no example of.
  public static func risks(
    language: String, profile: LanguageProfile, expected: Double?,
    baseline: (language: String, expected: Double)?, majority: Double?, medianFertility: Double,
    missing: [String]
  ) -> [TransferRisk] {
    var risks: [TransferRisk] = []
    if let expected, let majority, expected <= majority {
      risks.append(.belowMajority(expected: expected, majority: majority))
    }
    if let expected, let baseline, baseline.language != language,
      expected < baseline.expected - margin
    {
      risks.append(
        .belowBaseline(
          language: baseline.language, expected: expected, baseline: baseline.expected))
    }
    if profile.unknownShare > unknownLimit {
      risks.append(.unseenScript(unknown: profile.unknownShare))
    }
    if profile.fertility > fertilityLimit * medianFertility {
      risks.append(.fertility(profile.fertility, median: medianFertility))
    }
    if profile.rowCount < rowLimit { risks.append(.tinyData(rows: profile.rowCount)) }
    if !missing.isEmpty { risks.append(.missingClasses(missing)) }
    return risks
  }
}
