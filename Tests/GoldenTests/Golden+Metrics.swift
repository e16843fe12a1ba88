// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import Testing

extension Golden {
  /// Scores, calibration, tests and correlations beside scikit-learn, scipy and statsmodels; those of text and of
  /// representations are in files of their own.
  @Suite(.enabled(if: Golden.folder != nil, "no fixtures: set KOINE_GOLDENS"))
  struct Metrics {
    /// Fixtures that have a test below.
    static let supported: Set<String> = [
      "calibration.json", "classification.json", "correlation.json", "representation.json",
      "retrieval.json", "sacrebleu.json", "seqeval.json", "significance.json", "squad.json",
    ]

    /// Metrics that are not built yet.
    static let pending: Set<String> = []

    func read<Fixture: Decodable>(_ name: String) throws -> Fixture {
      let file = try #require(Golden.folder).appendingPathComponent("metrics/\(name)")
      return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    }

    @Test("every fixture is understood or pending by name")
    func nothingIsSkipped() throws {
      let folder = try #require(Golden.folder).appendingPathComponent("metrics")
      let found = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { !$0.hasPrefix(".") }
      #expect(Set(found).subtracting(Self.supported).subtracting(Self.pending).isEmpty)
      #expect(Self.supported.subtracting(found).isEmpty)
    }

    @Test("classification scores equal scikit-learn's")
    func classification() throws {
      let cases: [ClassificationCase] = try read("classification.json")
      #expect(!cases.isEmpty)
      for (index, golden) in cases.enumerated() {
        let confusion = try Confusion(
          gold: golden.labels, predicted: golden.predictions, classCount: golden.num_classes)
        let at: Comment = "case \(index)"
        #expect(confusion.rows == golden.confusion, at)
        #expect(isClose(confusion.accuracy, golden.accuracy, 1e-9), at)
        #expect(isClose(confusion.macroF1(.present), golden.macro_f1_present, 1e-9), at)
        #expect(isClose(confusion.macroF1(.all), golden.macro_f1_all, 1e-9), at)
        #expect(isClose(confusion.microF1, golden.micro_f1, 1e-9), at)
        #expect(isClose(confusion.weightedF1, golden.weighted_f1, 1e-9), at)
        #expect(isClose(confusion.matthewsCorrelation, golden.mcc, 1e-9), at)
        let scores = confusion.classScores
        #expect(scores.count == golden.per_class.count, at)
        for (score, expected) in zip(scores, golden.per_class) {
          let found = [score.precision, score.recall, score.f1, Double(score.support)]
          #expect(zip(found, expected).allSatisfy { isClose($0, $1, 1e-9) }, at)
        }
      }
    }

    @Test("calibration and temperature equal the reference's")
    func calibration() throws {
      let golden: CalibrationFixture = try read("calibration.json")
      #expect(!golden.cases.isEmpty)
      for (index, golden) in golden.cases.enumerated() {
        let at: Comment = "case \(index)"
        let scores = try LogitScores(logits: golden.logits, gold: golden.labels)
        let reliability = try scores.reliability()
        #expect(isClose(reliability.expectedCalibrationError, golden.ece15, 1e-8), at)
        #expect(isClose(reliability.maximumCalibrationError, golden.mce15, 1e-8), at)
        #expect(
          isClose(reliability.expectedCalibrationError, golden.ece15_torchmetrics_f32, 1e-4), at)
        checkBins(reliability.bins, golden.bins, at)
        #expect(isClose(scores.brier(), golden.brier, 1e-8), at)
        #expect(isClose(scores.negativeLogLikelihood(), golden.nll, 1e-8), at)
        #expect(isClose(scores.accuracy, golden.accuracy, 1e-8), at)
        let temperature = TemperatureScaling(fitting: scores).temperature
        #expect(isClose(temperature, golden.temperature, 1e-4 * golden.temperature), at)
        #expect(
          isClose(
            scores.negativeLogLikelihood(temperature: temperature),
            golden.nll_at_temperature, 1e-8), at)
        // The error jumps where a confidence crosses a bin's edge, so it is asked at the
        // reference's own temperature.
        let scaled = try scores.reliability(temperature: golden.temperature)
        #expect(isClose(scaled.expectedCalibrationError, golden.ece15_at_temperature, 1e-8), at)
      }
    }

    @Test("confidences on a bin's edge fall where the reference puts them")
    func binEdges() throws {
      let golden = (try read("calibration.json") as CalibrationFixture).edge_confidences
      let reliability = try Reliability(
        confidences: golden.confidence, correct: golden.correct.map { $0 == 1 })
      #expect(isClose(reliability.expectedCalibrationError, golden.ece15, 1e-8))
      #expect(isClose(reliability.maximumCalibrationError, golden.mce15, 1e-8))
      checkBins(reliability.bins, golden.bins, "edges")
    }

    @Test("correlations and their p-values equal scipy's")
    func correlation() throws {
      let cases: [CorrelationCase] = try read("correlation.json")
      #expect(!cases.isEmpty)
      for (index, golden) in cases.enumerated() {
        let at: Comment = "case \(index)"
        let spearman = try Correlation.spearman(golden.x, golden.y)
        let pearson = try Correlation.pearson(golden.x, golden.y)
        let kendall = try Correlation.kendallTauB(golden.x, golden.y)
        #expect(isClose(spearman.coefficient, golden.spearman, 1e-9), at)
        #expect(isClose(spearman.pValue, golden.spearman_p, 1e-6), at)
        #expect(isClose(pearson.coefficient, golden.pearson, 1e-9), at)
        #expect(isClose(pearson.pValue, golden.pearson_p, 1e-6), at)
        #expect(isClose(kendall.coefficient, golden.kendall_tau_b, 1e-9), at)
      }
    }

    @Test("randomisation tests agree with the reference's, exactly where the draws are given")
    func randomization() throws {
      let fixture: SignificanceFixture = try read("significance.json")
      #expect(!fixture.paired.isEmpty)
      for (index, golden) in fixture.paired.enumerated() {
        let at: Comment = "case \(index)"
        if let exact = golden.approx_randomization_exact_p {
          let test = try ApproximateRandomization(exactly: golden.a, golden.b)
          #expect(isClose(test.pValue, exact, 1e-9), at)
          #expect(isClose(test.meanDifference, golden.mean_difference, 1e-9), at)
        }
        let samples = 50_000
        let drawn = try ApproximateRandomization(golden.a, golden.b, samples: samples, seed: 1)
        let expected = golden.approx_randomization_mc_p
        #expect(isClose(drawn.pValue, expected, samplingError(expected, samples)), at)
        if let given = golden.given_flips {
          let test = try ApproximateRandomization(
            golden.a, golden.b, swaps: given.swap.map { $0.map { $0 != 0 } })
          #expect(isClose(test.pValue, given.p_plus1, 1e-9), at)
        }
      }
    }

    @Test("paired bootstraps agree with the reference's, exactly where the draws are given")
    func bootstrap() throws {
      let fixture: SignificanceFixture = try read("significance.json")
      for (index, golden) in fixture.paired.enumerated() {
        let at: Comment = "case \(index)"
        let samples = 50_000
        let drawn = try PairedBootstrap(golden.a, golden.b, resamples: samples, seed: 1)
        func agrees(_ found: Double, _ expected: Double) -> Bool {
          isClose(found, expected, samplingError(expected, samples))
        }
        #expect(isClose(drawn.meanDifference, golden.mean_difference, 1e-9), at)
        #expect(agrees(drawn.fractionANotBetter, golden.bootstrap_fraction_a_not_better), at)
        #expect(agrees(drawn.fractionBNotBetter, golden.bootstrap_fraction_b_not_better), at)
        #expect(agrees(drawn.pValue, golden.bootstrap_two_sided_centered_p), at)
        #expect(isClose(drawn.interval.low, golden.bootstrap_ci95_percentile[0], 5e-3), at)
        #expect(isClose(drawn.interval.high, golden.bootstrap_ci95_percentile[1], 5e-3), at)
        guard let given = golden.given_resamples else { continue }
        let repeated = try PairedBootstrap(golden.a, golden.b, resamples: given.indices)
        #expect(isClose(repeated.fractionANotBetter, given.fraction_a_not_better, 1e-9), at)
        #expect(isClose(repeated.pValue, given.two_sided_centered_p_plus1, 1e-9), at)
        #expect(isClose(repeated.interval.low, given.ci95_percentile_linear[0], 1e-9), at)
        #expect(isClose(repeated.interval.high, given.ci95_percentile_linear[1], 1e-9), at)
      }
    }

    @Test("corrections for many tests equal statsmodels'")
    func adjustment() throws {
      let fixture: SignificanceFixture = try read("significance.json")
      #expect(!fixture.holm.isEmpty)
      for (index, golden) in fixture.holm.enumerated() {
        let at: Comment = "case \(index)"
        let holm = try PValueAdjustment.holm.adjusted(golden.p)
        let bonferroni = try PValueAdjustment.bonferroni.adjusted(golden.p)
        let hochberg = try PValueAdjustment.benjaminiHochberg.adjusted(golden.p)
        #expect(zip(holm, golden.holm_adjusted).allSatisfy { isClose($0, $1, 1e-9) }, at)
        #expect(
          zip(bonferroni, golden.bonferroni_adjusted).allSatisfy { isClose($0, $1, 1e-9) }, at)
        #expect(zip(hochberg, golden.bh_adjusted).allSatisfy { isClose($0, $1, 1e-9) }, at)
        #expect(
          try PValueAdjustment.holm.rejects(golden.p, alpha: golden.alpha) == golden.holm_reject,
          at)
        #expect(
          try PValueAdjustment.benjaminiHochberg.rejects(golden.p, alpha: golden.alpha)
            == golden.bh_reject, at)
      }
    }

    private func checkBins(
      _ bins: [ReliabilityBin], _ golden: [[Double?]], _ comment: Comment
    ) {
      #expect(bins.count == golden.count, comment)
      for (bin, expected) in zip(bins, golden) {
        #expect(Double(bin.count) == expected[0], comment)
        #expect(isClose(bin.accuracy, expected[1], 1e-8), comment)
        #expect(isClose(bin.confidence, expected[2], 1e-8), comment)
      }
    }

    /// The fixtures' tolerance for a p-value from `samples` random draws.
    private func samplingError(_ p: Double, _ samples: Int) -> Double {
      4 * (p * (1 - p) / Double(samples)).squareRoot() + 1 / Double(samples)
    }

    /// Whether two numbers agree; the fixtures write "not a number" as null.
    func isClose(_ found: Double?, _ expected: Double?, _ tolerance: Double) -> Bool {
      guard let expected else { return found?.isNaN ?? true }
      return found.map { abs($0 - expected) <= tolerance } ?? false
    }
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct ClassificationCase: Decodable {
  var labels, predictions: [Int]
  var num_classes: Int
  var accuracy, macro_f1_present, macro_f1_all, micro_f1, weighted_f1, mcc: Double
  var per_class: [[Double]]
  var confusion: [[Int]]
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct CalibrationFixture: Decodable {
  struct Case: Decodable {
    var logits: [[Double]]
    var labels: [Int]
    var ece15, mce15, ece15_torchmetrics_f32, brier, nll, accuracy: Double
    var temperature, nll_at_temperature, ece15_at_temperature: Double
    var bins: [[Double?]]
  }

  struct Edges: Decodable {
    var confidence, correct: [Double]
    var ece15, mce15: Double
    var bins: [[Double?]]
  }

  var cases: [Case]
  var edge_confidences: Edges
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct CorrelationCase: Decodable {
  var x, y: [Double]
  var spearman, spearman_p, pearson, pearson_p, kendall_tau_b: Double?
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct SignificanceFixture: Decodable {
  struct Paired: Decodable {
    struct Resamples: Decodable {
      var indices: [[Int]]
      var fraction_a_not_better, two_sided_centered_p_plus1: Double
      var ci95_percentile_linear: [Double]
    }

    struct Flips: Decodable {
      var swap: [[Int]]
      var p_plus1: Double
    }

    var a, b: [Double]
    var mean_difference: Double
    var approx_randomization_exact_p: Double?
    var approx_randomization_mc_p: Double
    var bootstrap_fraction_a_not_better, bootstrap_fraction_b_not_better: Double
    var bootstrap_two_sided_centered_p: Double
    var bootstrap_ci95_percentile: [Double]
    var given_resamples: Resamples?
    var given_flips: Flips?
  }

  struct Adjustment: Decodable {
    var p: [Double]
    var alpha: Double
    var holm_adjusted, bonferroni_adjusted, bh_adjusted: [Double]
    var holm_reject, bh_reject: [Bool]
  }

  var paired: [Paired]
  var holm: [Adjustment]
}
