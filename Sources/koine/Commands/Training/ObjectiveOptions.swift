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

  @Flag(help: "Hide all pieces of a word together.")
  var wholeWords = false

  @Option(
    help: ArgumentHelp(
      "With --objective spans: how many pieces a stretch has in the mean, or words with --whole-words; by default 3.8.",
      valueName: "count"))
  var spanLength: Double?

  /// The mean length of spans in SpanBERT (Joshi and others, 2020).
  private static let standardSpanLength = 3.8

  /// Puts what was said into settings.
  func apply(to settings: inout LanguageModelTuner.Settings) {
    settings.objective = objective == .causal ? .causal : .masked
    if let maskRate { settings.masking.rate = maskRate }
    settings.masking.wholeWords = wholeWords
    if objective == .spans {
      settings.masking.meanSpanLength = spanLength ?? Self.standardSpanLength
    }
  }

  func validate() throws {
    guard spanLength == nil || objective == .spans else {
      throw ValidationError("--span-length is for --objective spans, found \(objective.rawValue)")
    }
    guard objective == .causal else { return }
    guard maskRate == nil, !wholeWords else {
      throw ValidationError(
        "--mask-rate and --whole-words say what is hidden, and --objective causal hides nothing; leave them out"
      )
    }
  }

  /// What is guessed of development text, for people.
  var guessed: String { objective == .causal ? "next pieces" : "hidden pieces" }
}
