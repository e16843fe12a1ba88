// SPDX-License-Identifier: Apache-2.0

/// The sentence at the top of the page: what came of it, in numbers.
struct Headline {
  let evidence: Evidence

  /// The sentence.
  var sentence: String {
    guard let standing = evidence.headline, standing.source != nil || standing.others > 0 else {
      return "Nothing has been measured yet."
    }
    let task = evidence.report.task
    let method = evidence.report.methods.count > 1 ? "the \(standing.method.name)" : "the"
    if let measure = evidence.report.measure { return sentence(standing, method, measure) }
    guard let mean = standing.meanOfOthers else {
      return "With labels in \(evidence.sourceName), \(method) model is right on "
        + "\(Numbers.percent(standing.source)) % of \(task) there; "
        + "no other language was tested."
    }
    let others = standing.others == 1 ? "one other language" : "\(standing.others) other languages"
    let start =
      "\(labels(standing)), \(method) model is right on "
      + "\(Numbers.percent(mean)) % of \(task) in \(others)"
    guard let source = standing.source, let gap = standing.gap else { return start + "." }
    return start + ", \(Numbers.points(abs(gap))) points \(gap < 0 ? "above" : "below") "
      + "the \(Numbers.percent(source)) % in \(evidence.sourceName) itself."
  }

  /// Whose labels were learned from.
  private func labels(_ standing: Evidence.Standing) -> String {
    "With labels in \(evidence.sourceName)"
      + (standing.method.furtherLabels.map { " and \($0)" } ?? " only")
  }

  /// The sentence for a score that is no share of right answers.
  private func sentence(
    _ standing: Evidence.Standing, _ method: String, _ measure: String
  ) -> String {
    let learned = "\(labels(standing)), \(method) model reaches"
    let task = evidence.report.task
    let source = "\(Numbers.percent(standing.source)) % in \(evidence.sourceName)"
    guard let mean = standing.meanOfOthers else {
      return "\(learned) a score (\(measure)) of \(source) at \(task)."
    }
    let others = standing.others == 1 ? "one other language" : "\(standing.others) other languages"
    let beside = standing.source == nil ? "" : "; it is \(source) itself"
    return
      "\(learned) a score (\(measure)) of \(Numbers.percent(mean)) % at \(task) in \(others)\(beside)."
  }

  /// A number that matters, with its name.
  struct Tile {
    let value: String
    let unit: String
    let caption: String
  }

  /// The numbers below the sentence.
  var tiles: [Tile] {
    guard let standing = evidence.headline else { return [] }
    var tiles: [Tile] = []
    if standing.source != nil || standing.others == 0 {
      tiles.append(
        Tile(value: Numbers.percent(standing.source), unit: "%", caption: evidence.sourceName))
    }
    guard standing.others > 0 else { return tiles }
    tiles.append(
      Tile(
        value: Numbers.percent(standing.meanOfOthers), unit: "%",
        caption: standing.others == 1 ? "the other language" : "mean of \(standing.others) others"))
    if standing.gap != nil {
      tiles.append(
        Tile(value: Numbers.points(standing.gap), unit: "points", caption: "transfer gap"))
    }
    if let weakest = standing.weakest {
      tiles.append(
        Tile(
          value: Numbers.percent(weakest.value), unit: "%",
          caption: "weakest: \(evidence.name(weakest.language))"))
    }
    return tiles
  }
}
