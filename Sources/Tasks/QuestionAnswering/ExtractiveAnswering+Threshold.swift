// SPDX-License-Identifier: Apache-2.0

import Metrics

extension ExtractiveAnswering {
  /// By how much "no answer" should beat the best answer, so that F1 on these questions is highest; with that F1.
  ///
  /// To be found on development data of the source language. Of equal scores the threshold nearest to 0 is taken.
  public func bestThreshold(
    _ predictions: [AnswerPrediction], gold: [AnswerGold]
  ) throws -> (threshold: Double, f1: Double) {
    try check(predictions, gold)
    var sum = 0.0
    var leads: [(lead: Double, gain: Double)] = []
    for (prediction, gold) in zip(predictions, gold) {
      let texts = gold.answers.map(\.text)
      let none = try AnswerScore("", golds: texts, empty: .areAnswers).f1
      guard let best = prediction.candidates.first, let lead = prediction.noAnswerLead else {
        sum += none
        continue
      }
      // Below every lead all questions get "no answer"; as the threshold passes one, its question gets its answer.
      sum += none
      let f1 = try AnswerScore(best.span.text, golds: texts, empty: .areAnswers).f1
      leads.append((Double(lead), f1 - none))
    }
    leads.sort { $0.lead < $1.lead }
    var best = (threshold: (leads.first?.lead).map { $0 - 1 } ?? 0, sum: sum)
    for (index, entry) in leads.enumerated() {
      sum += entry.gain
      // Questions of one lead go together.
      if index + 1 < leads.count, leads[index + 1].lead == entry.lead { continue }
      let next = index + 1 < leads.count ? leads[index + 1].lead : entry.lead + 1
      let threshold = entry.lead <= 0 && next > 0 ? 0 : (entry.lead + next) / 2
      let isNearer = sum == best.sum && abs(threshold) < abs(best.threshold)
      if sum > best.sum || isNearer { best = (threshold, sum) }
    }
    return (best.threshold, best.sum / Double(gold.count))
  }
}
