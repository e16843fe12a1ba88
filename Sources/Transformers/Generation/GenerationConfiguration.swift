// SPDX-License-Identifier: Apache-2.0

/// How a model writes: what it searches for, how long, and what it must or must not write.
///
/// Settings are those of Hugging Face's `generation_config.json`, with the same meaning.
public struct GenerationConfiguration: Sendable, Equatable {
  /// When a beam search ends for a row.
  public enum EarlyStopping: Sendable, Equatable {
    /// When the best running beam, at its present length, is no better than the worst finished one.
    case heuristic
    /// As soon as as many beams have finished as there are beams.
    case whenFull
    /// When no running beam can become better at any length up to the longest.
    case never
  }

  /// Random choice instead of the best.
  public struct Sampling: Sendable, Equatable {
    /// Logits are divided by it; 1 by default.
    public var temperature: Double
    /// Only so many of the most probable pieces are drawn from; 0 means all, the default is 50.
    public var topK: Int
    /// Only the most probable pieces that together have this probability are drawn from; 1 by default.
    public var topP: Double
    /// The same seed gives the same texts, however rows are batched.
    public var seed: UInt64

    /// Settings of random choice (Fan and others, 2018; Holtzman and others, 2020).
    public init(temperature: Double = 1, topK: Int = 50, topP: Double = 1, seed: UInt64 = 0) {
      self.temperature = temperature
      self.topK = topK
      self.topP = topP
      self.seed = seed
    }
  }

  /// The most pieces to write, the end piece counted; 19 by default, as in transformers.
  public var maxNewTokens = 19
  /// Before so many pieces the end piece is not written; 0 by default.
  public var minNewTokens = 0
  /// Beams; 1, the default, takes the best piece at each step.
  public var beamCount = 1
  /// Scores are divided by the length to this power, 1 by default.
  ///
  /// Above 0 it favours long texts.
  public var lengthPenalty = 1.0
  /// When a beam search ends; ``EarlyStopping/heuristic`` by default.
  public var earlyStopping = EarlyStopping.heuristic
  /// Texts for each row, best first; at most as many as beams, or any number of samples.
  public var returnCount = 1
  /// Random choice, or nil, the default.
  public var sampling: Sampling?
  /// The piece that is written first, as the language is for M2M100 and NLLB; nil for none.
  public var forcedFirstID: Int?
  /// The piece that is written last where the longest length is reached; nil for none.
  public var forcedLastID: Int?
  /// Pieces that end a text.
  public var endIDs: [Int] = []
  /// Runs of pieces that are never written.
  public var bannedRuns: [[Int]] = []
  /// No run of so many pieces is written twice; 0, the default, allows it.
  public var noRepeatLength = 0
  /// Above 1 it makes pieces less probable that were written before (Keskar and others, 2019); 1 by default.
  public var repetitionPenalty = 1.0

  /// The defaults.
  public init() {}

  /// Refuses settings that contradict each other or the model.
  func check(for model: SequenceConfiguration) throws {
    func refuse(_ message: String) -> TransformerError { TransformerError(.input, message) }
    let size = model.targetVocabularySize
    for (name, value) in [
      ("the most new tokens", maxNewTokens), ("the number of beams", beamCount),
      ("the number of texts for a row", returnCount),
    ] where value < 1 {
      throw refuse("\(name) must be at least 1, found \(value)")
    }
    if let limit = model.maximumLength, maxNewTokens > limit {
      throw refuse("\(maxNewTokens) new tokens asked for, the model has \(limit) positions")
    }
    guard minNewTokens <= maxNewTokens else {
      throw refuse("at least \(minNewTokens) and at most \(maxNewTokens) new tokens asked for")
    }
    if sampling != nil, beamCount > 1 {
      throw refuse("sampling with \(beamCount) beams; expected one of the two")
    }
    if sampling == nil, returnCount > beamCount {
      throw refuse("\(returnCount) texts for a row from \(beamCount) beams; raise the beams")
    }
    if let sampling {
      guard sampling.temperature > 0, sampling.topK >= 0, sampling.topP > 0, sampling.topP <= 1
      else {
        throw refuse(
          "temperature \(sampling.temperature), top-k \(sampling.topK), top-p \(sampling.topP); "
            + "expected a temperature above 0, a count from 0 on, a share above 0 up to 1")
      }
    }
    guard repetitionPenalty > 0 else {
      throw refuse("repetition penalty \(repetitionPenalty); expected one above 0")
    }
    let ids =
      endIDs + bannedRuns.joined() + [forcedFirstID, forcedLastID].compactMap(\.self)
    if let id = ids.first(where: { !(0..<size).contains($0) }) {
      throw refuse("piece \(id) is outside the model's vocabulary of \(size)")
    }
  }
}

/// A text that a model wrote.
public struct GeneratedSequence: Sendable, Equatable {
  /// Its pieces without the start piece; the end piece is there unless the longest length came first.
  public var ids: [Int32]
  /// The sum of log-probabilities over the length to the length penalty, from a beam search; nil from others.
  public var score: Double?
}
