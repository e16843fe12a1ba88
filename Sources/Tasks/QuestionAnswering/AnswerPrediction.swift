// SPDX-License-Identifier: Apache-2.0

/// What a head says of a window: scores of its tokens as starts and ends of the answer.
public struct AnswerLogits: Sendable {
  /// The score of "no answer": the first token's as both.
  public let none: Float
  /// Each token of the text as the start.
  public let starts: [Float]
  /// Each token of the text as the end.
  public let ends: [Float]
}

/// The answers to a question, the best first.
public struct AnswerPrediction: Sendable, Hashable, Codable {
  /// An answer that was considered.
  public struct Candidate: Sendable, Hashable, Codable {
    /// Where it stands.
    public let span: AnswerSpan
    /// The sum of its start's and end's scores.
    public let score: Float
    /// Its probability among all candidates, "no answer" included where that is one.
    public let probability: Float
  }

  /// The answer; nil for none.
  public let answer: AnswerSpan?
  /// The best answers, whether "no answer" beats them or not.
  public let candidates: [Candidate]
  /// By how much "no answer" beats the best of them; nil where it is no answer, or there is no other.
  public let noAnswerLead: Float?

  /// Decodes the scores of a text's windows.
  init(
    _ scores: [AnswerLogits], _ features: [AnswerFeature], _ context: String,
    _ configuration: ExtractiveAnswering.Configuration
  ) {
    // The same stretch may be found in two windows.
    var best: [Range<Int>: Float] = [:]
    let count = max(1, configuration.candidateCount)
    for (scores, feature) in zip(scores, features) {
      let places = feature.offsets.indices.filter { !feature.offsets[$0].isEmpty }
      let starts = Self.greatest(places, scores.starts, count)
      let ends = Self.greatest(places, scores.ends, count)
      for start in starts {
        for end in ends
        where end >= start && end - start < configuration.maximumAnswerLength {
          let range = feature.offsets[start].lowerBound..<feature.offsets[end].upperBound
          guard !range.isEmpty else { continue }
          let score = scores.starts[start] + scores.ends[end]
          best[range] = max(best[range] ?? -.infinity, score)
        }
      }
    }
    let order = best.sorted {
      ($1.value, $0.key.lowerBound, $0.key.upperBound)
        < ($0.value, $1.key.lowerBound, $1.key.upperBound)
    }.prefix(count)
    let none = configuration.allowsNoAnswer ? scores.map(\.none).min() : nil
    let probabilities = softmax(order.map(\.value) + (none.map { [$0] } ?? []))
    candidates = zip(order, probabilities).map { candidate, probability in
      Candidate(
        span: AnswerSpan(candidate.key, of: context), score: candidate.value,
        probability: probability)
    }
    let lead = none.flatMap { none in order.first.map { none - $0.value } }
    noAnswerLead = lead
    let isNone = lead.map { Double($0) > configuration.noAnswerThreshold } ?? false
    answer = isNone ? nil : candidates.first?.span
  }

  /// The places of the largest scores; of equals the earlier.
  private static func greatest(_ places: [Int], _ scores: [Float], _ count: Int) -> [Int] {
    var kept: [Int] = []
    for place in places {
      if kept.count == count, let last = kept.last, scores[place] <= scores[last] { continue }
      let spot = kept.firstIndex { scores[$0] < scores[place] } ?? kept.count
      kept.insert(place, at: spot)
      if kept.count > count { kept.removeLast() }
    }
    return kept
  }
}
