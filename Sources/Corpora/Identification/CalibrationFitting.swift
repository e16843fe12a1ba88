// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Finds the calibration that makes a model's probabilities of labelled texts most likely to be right.
///
/// Each text counts four times: whole, and its first one, three and five words. A language counts for the mean
/// of an equal share of all and its share of the model's own training text, since nobody knows which
/// languages a user's texts are in. The four numbers minimise the mean of -ln p of the right language, found with
/// the simplex method (Nelder and Mead 1965).
public struct CalibrationFitting: Sendable {
  /// The most probabilities that are kept, in numbers of 4 bytes: 128 MiB of them.
  private static let cacheLimit = 32 << 20
  /// How many words of a text are taken, besides the whole of it.
  static let wordCounts = [1, 3, 5]

  private struct Sample {
    var logs: [Float]
    var label: Int
    var lengthTerm: Double
  }

  private let identifier: FastTextIdentifier
  private let capacity: Int
  private var samples: [Sample] = []
  private var seen = 0
  private var generator = StableGenerator(seed: 1)

  /// A fitting for a model.
  public init(_ identifier: FastTextIdentifier) {
    self.identifier = identifier
    capacity = max(1, Self.cacheLimit / max(1, identifier.languages.count))
  }

  /// Takes a text in; one whose language the model does not know, or that its script rules out, is passed over.
  public mutating func add(_ text: String, language: LanguageTag) {
    guard let label = identifier.label(of: language) else { return }
    for part in [text] + Self.wordCounts.map({ TextPieces(text).beginning(words: $0) }) {
      let profile = ScriptProfile(part)
      guard let logs = identifier.logProbabilities(of: part, profile), logs[label] > -.infinity
      else { continue }
      let sample = Sample(
        logs: logs, label: label,
        lengthTerm: IdentificationCalibration.lengthTerm(profile.letterCount))
      seen += 1
      // Each of those seen is among those kept with the same probability (Vitter 1985).
      if samples.count < capacity {
        samples.append(sample)
      } else {
        let place = Int.random(in: 0..<seen, using: &generator)
        if place < capacity { samples[place] = sample }
      }
    }
  }

  /// The calibration.
  ///
  /// - Throws: `CorpusError.Code.format` where there are too few texts.
  public func fitted() throws(CorpusError) -> IdentificationCalibration {
    guard samples.count >= 100 else {
      throw CorpusError(
        .format, "there are too few texts in languages that the model knows",
        expected: "at least 100, whole ones and their beginnings", found: "\(samples.count)")
    }
    let weights = weights()
    let start = [0.25, -0.35, 0.4, 0.1]
    let best = Simplex.minimum(from: start, step: 0.2, rounds: 120) { point in
      loss(
        IdentificationCalibration(
          temperature: point[0], temperatureSlope: point[1], prior: point[2],
          priorSlope: point[3]), weights)
    }
    return IdentificationCalibration(
      temperature: best[0], temperatureSlope: best[1], prior: best[2], priorSlope: best[3])
  }

  /// What each sample of a label counts for.
  private func weights() -> [Double] {
    var counts = [Int](repeating: 0, count: identifier.languages.count)
    for sample in samples { counts[sample.label] += 1 }
    let present = counts.indices.filter { counts[$0] > 0 }
    let priors = identifier.logPriors.map { exp(Double($0)) }
    let total = present.reduce(0) { $0 + priors[$1] }
    return counts.indices.map { label in
      guard counts[label] > 0 else { return 0 }
      return (1 / Double(present.count) + priors[label] / total) / 2 / Double(counts[label])
    }
  }

  private func loss(_ calibration: IdentificationCalibration, _ weights: [Double]) -> Double {
    let priors = identifier.logPriors
    let losses = Array(0..<ProcessInfo.processInfo.activeProcessorCount * 4).mapInParallel(
      threads: ProcessInfo.processInfo.activeProcessorCount, chunkSize: 1
    ) { part in
      let parts = ProcessInfo.processInfo.activeProcessorCount * 4
      var sum = 0.0
      for index in stride(from: part, to: samples.count, by: parts) {
        let sample = samples[index]
        let (scale, prior) = calibration.factors(at: sample.lengthTerm)
        var largest = -Float.infinity
        for label in priors.indices {
          largest = max(largest, sample.logs[label] * Float(scale) - Float(prior) * priors[label])
        }
        var total: Float = 0
        for label in priors.indices where sample.logs[label] > -.infinity {
          total += exp(
            sample.logs[label] * Float(scale) - Float(prior) * priors[label] - largest)
        }
        let own =
          sample.logs[sample.label] * Float(scale) - Float(prior) * priors[sample.label] - largest
        sum += Double(log(total) - own) * weights[sample.label]
      }
      return sum
    }
    return losses.reduce(0, +)
  }
}

/// Finds where a function of a few numbers is least, without its gradient.
enum Simplex {
  /// The best point found in a number of rounds (Nelder and Mead 1965).
  static func minimum(
    from start: [Double], step: Double, rounds: Int, of function: ([Double]) -> Double
  ) -> [Double] {
    var points = [(point: start, value: function(start))]
    for axis in start.indices {
      var point = start
      point[axis] += step
      points.append((point, function(point)))
    }
    for _ in 0..<rounds {
      points.sort { $0.value < $1.value }
      let worst = points[points.count - 1]
      let centre = start.indices.map { axis in
        points.dropLast().reduce(0) { $0 + $1.point[axis] } / Double(points.count - 1)
      }
      func along(_ factor: Double) -> (point: [Double], value: Double) {
        let point = centre.indices.map { centre[$0] + factor * (worst.point[$0] - centre[$0]) }
        return (point, function(point))
      }
      var next = along(-1)
      if next.value < points[0].value {
        let further = along(-2)
        if further.value < next.value { next = further }
      } else if next.value >= points[points.count - 2].value {
        next = along(next.value < worst.value ? -0.5 : 0.5)
        if next.value >= worst.value {
          let best = points[0].point
          for index in points.indices.dropFirst() {
            let point = best.indices.map { (best[$0] + points[index].point[$0]) / 2 }
            points[index] = (point, function(point))
          }
          continue
        }
      }
      points[points.count - 1] = next
    }
    return points.min { $0.value < $1.value }?.point ?? start
  }
}
