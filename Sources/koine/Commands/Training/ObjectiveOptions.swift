// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Training

/// Options that say what a model has to guess of text.
struct ObjectiveOptions: ParsableArguments {
  /// What `koine pretrain` has a model guess.
  enum Objective: String, ExpressibleByArgument, CaseIterable {
    case masked, spans, causal
  }

  @Option(
    help: ArgumentHelp(
      "What is guessed: masked (hidden pieces), spans (hidden stretches) or causal (each piece from those before it).",
      valueName: "objective"))
  var objective = Objective.masked

  @Option(
    help: ArgumentHelp(
      "The share of a row's pieces to hide and guess; by default 0.15.", valueName: "share"))
  var maskRate: Double?

  @Option(
    help: ArgumentHelp(
      "The share to hide in text of single languages, as sw=0.3,de=0.2; may be repeated.",
      valueName: "language=share"))
  var maskRates: [String] = []

  @Option(
    help: ArgumentHelp(
      "How far languages are evened out, where --train names them: each is drawn as its rows to the power of 1/T; 1 leaves them as they are.",
      valueName: "number"))
  var temperature = LanguageModelTuner.Settings().temperature

  @Flag(help: "Hide all pieces of a word together.")
  var wholeWords = false

  @Option(
    help: ArgumentHelp(
      "With --objective spans: how many pieces a stretch has in the mean, or words with --whole-words; by default 3.8, for encoder-decoders 3.",
      valueName: "count"))
  var spanLength: Double?

  /// The mean length of spans in SpanBERT (Joshi and others, 2020).
  private static let standardSpanLength = 3.8

  /// Puts what was said into settings.
  func apply(to settings: inout LanguageModelTuner.Settings) throws {
    settings.objective = objective == .causal ? .causal : .masked
    if let maskRate { settings.masking.rate = maskRate }
    settings.maskRates = try rates()
    settings.temperature = temperature
    settings.masking.wholeWords = wholeWords
    if objective == .spans {
      settings.masking.meanSpanLength = spanLength ?? Self.standardSpanLength
    }
  }

  /// Puts what was said into settings of an encoder-decoder.
  func apply(to settings: inout SpanCorruptionTuner.Settings) throws {
    if let maskRate { settings.corruption.rate = maskRate }
    if let spanLength { settings.corruption.meanSpanLength = spanLength }
    settings.maskRates = try rates()
    settings.temperature = temperature
  }

  /// Whether nothing was said of what is hidden, but for whole words.
  var isUsual: Bool {
    objective == .masked && maskRate == nil && maskRates.isEmpty && spanLength == nil
  }

  func validate() throws {
    guard spanLength == nil || objective == .spans else {
      throw ValidationError("--span-length is for --objective spans, found \(objective.rawValue)")
    }
    guard temperature >= 1 else {
      throw ValidationError("--temperature must be at least 1, found \(temperature)")
    }
    _ = try rates()
    guard objective == .causal else { return }
    guard maskRate == nil, maskRates.isEmpty, !wholeWords else {
      throw ValidationError(
        "--mask-rate, --mask-rates and --whole-words say what is hidden, and --objective causal hides nothing; leave them out"
      )
    }
  }

  /// The share to hide of each language that has its own.
  private func rates() throws -> [String: Double] {
    var result: [String: Double] = [:]
    for item in maskRates.flatMap({ $0.split(separator: ",") }) {
      let parts = item.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, let rate = Double(parts[1]), rate > 0, rate <= 1
      else {
        throw ValidationError(
          "--mask-rates must be languages with shares above 0 and at most 1, as sw=0.3,de=0.2, found '\(item)'"
        )
      }
      guard result.updateValue(rate, forKey: parts[0]) == nil else {
        throw ValidationError("--mask-rates names '\(parts[0])' twice")
      }
    }
    return result
  }

  /// What is guessed of development text, for people.
  var guessed: String { objective == .causal ? "next pieces" : "hidden pieces" }
}
