// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Makes honest probabilities of a model's: on short lines a model is far surer than it is right, and it
/// expects the languages that it saw most.
///
/// For a text of n letters, with `l = ln(n / 20)` kept between those of 1 and 200 letters, a language whose
/// probability in the model is p and whose share of the model's training text is q gets the score
///
///     ln(p) / exp(temperature + temperatureSlope · l) - max(0, prior + priorSlope · l) · ln(q)
///
/// and the scores' softmax is the result. The first part is temperature scaling (Guo et al.: On calibration of
/// modern neural networks, 2017) that depends on length; the second takes back a part of what the model expects
/// before it reads (Saerens et al.: Adjusting the outputs of a classifier to new a priori probabilities, 2002).
public struct IdentificationCalibration: Sendable, Hashable, Codable {
  /// The logarithm of the temperature at 20 letters.
  public var temperature: Double
  /// How it changes with the logarithm of the length; below 0, shorter texts are told with less certainty.
  public var temperatureSlope: Double
  /// How much of the model's expectation is taken back at 20 letters; 0 is nothing, 1 all of it.
  public var prior: Double
  /// How that changes with the logarithm of the length.
  public var priorSlope: Double

  /// A calibration by its numbers.
  public init(temperature: Double, temperatureSlope: Double, prior: Double, priorSlope: Double) {
    self.temperature = temperature
    self.temperatureSlope = temperatureSlope
    self.prior = prior
    self.priorSlope = priorSlope
  }

  /// For `lid.176`, and for models that have none of their own.
  ///
  /// What `koine data identify --calibrate` says of `lid.176` and the training rows of SIB-200, whole sentences
  /// and their first one, three and five words. On the development rows the calibration error falls from 0.056 to
  /// 0.027 (whole sentences), from 0.066 to 0.031 (five words), 0.115 to 0.033 (three), 0.190 to 0.059 (one).
  public static let standard = Self(
    temperature: 0.1163, temperatureSlope: -0.2846, prior: 0.3628, priorSlope: 0.2380)

  /// Takes the model at its word.
  public static let none = Self(temperature: 0, temperatureSlope: 0, prior: 0, priorSlope: 0)

  /// Fewer letters than this, and a text is read as it is and in lower case too, and the mean of both taken:
  /// the first word's capital, or a name's, is much of a short text.
  static let shortLength = 60

  /// A language whose scripts have less than this share of a text's letters is ruled out.
  static let leastScriptShare = 0.1

  /// The length's part of the formula.
  static func lengthTerm(_ letterCount: Int) -> Double {
    log(Double(min(max(letterCount, 1), 200)) / 20)
  }

  /// The factors of the formula at a length.
  func factors(at lengthTerm: Double) -> (inverseTemperature: Double, prior: Double) {
    (
      exp(-(temperature + temperatureSlope * lengthTerm)),
      max(0, prior + priorSlope * lengthTerm)
    )
  }

  /// Turns logarithms of probabilities into calibrated probabilities; -infinity stays ruled out.
  func apply(_ logs: inout [Float], logPriors: [Float], letterCount: Int) {
    let (scale, prior) = factors(at: Self.lengthTerm(letterCount))
    var largest = -Float.infinity
    for index in logs.indices {
      logs[index] = logs[index] * Float(scale) - Float(prior) * logPriors[index]
      largest = max(largest, logs[index])
    }
    guard largest > -.infinity else {
      for index in logs.indices { logs[index] = 0 }
      return
    }
    var total: Float = 0
    for index in logs.indices {
      logs[index] = exp(logs[index] - largest)
      total += logs[index]
    }
    for index in logs.indices { logs[index] /= total }
  }
}
