// SPDX-License-Identifier: Apache-2.0

/// A reason to fear that a source teaches a target worse than another choice would: negative transfer.
public enum TransferRisk: Sendable, Equatable {
  /// Agrees less with all sources than a language that one would take anyway, such as English.
  case belowBaseline(language: String, agreement: Double, baseline: Double)
  /// Agrees no more with all sources than always answering the commonest class.
  case belowMajority(agreement: Double, majority: Double)
  /// Written in a script of which the base's vocabulary does not have this share of pieces.
  case unseenScript(unknown: Double)
  /// Cut into many pieces per word, beside the median of the candidates.
  case fertility(Double, median: Double)
  /// So few rows that their labels are learnt badly.
  case tinyData(rows: Int)
  /// Has no example of classes that other candidates have.
  case missingClasses([String])

  /// Agreement that much below the baseline's is a risk.
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
    case .belowBaseline(let language, let agreement, let baseline):
      "agreement \(RankedSource.text(agreement)), below \(language)'s \(RankedSource.text(baseline))"
    case .belowMajority(let agreement, let majority):
      "agreement \(RankedSource.text(agreement)), no more than always the commonest class, \(RankedSource.text(majority))"
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
  ///   - agreement: with all sources on the target's text; nil without labels.
  ///   - baseline: the language one would take anyway with its agreement; nil where it is no candidate.
  ///   - majority: the share of the commonest class.
  ///   - medianFertility: of the candidates.
  ///   - missing: classes it has no example of.
  public static func risks(
    language: String, profile: LanguageProfile, agreement: Double?,
    baseline: (language: String, agreement: Double)?, majority: Double?, medianFertility: Double,
    missing: [String]
  ) -> [TransferRisk] {
    var risks: [TransferRisk] = []
    if let agreement, let majority, agreement <= majority {
      risks.append(.belowMajority(agreement: agreement, majority: majority))
    }
    if let agreement, let baseline, baseline.language != language,
      agreement < baseline.agreement - margin
    {
      risks.append(
        .belowBaseline(
          language: baseline.language, agreement: agreement, baseline: baseline.agreement))
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
