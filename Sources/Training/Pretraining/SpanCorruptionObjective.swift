// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// Writing stretches that were taken out of text (span corruption; Raffel and others, 2020), by an encoder-decoder.
///
/// What is taken out is drawn anew each time that a row is seen. The loss is the mean cross-entropy of what the decoder has to write, each
/// piece given those before it (teacher forcing), sentinels and the end included.
public struct SpanCorruptionObjective: LanguageObjective {
  /// The model as it learns.
  let model: SequenceToSequenceModel
  /// The model as it is judged.
  let resting: SequenceToSequenceModel
  /// Rows to learn from.
  public let rows: LanguageRows
  /// Rows to judge by.
  public let development: LanguageRows?
  /// How often rows of each language are gone through.
  public let sampling: LanguageSampling
  let corruption: SpanCorruption
  let noise: LanguageNoise
  let sentinels: [Int32]
  let end: Int32

  /// Text to write stretches of.
  ///
  /// - Parameters:
  ///   - model: the model as it learns, with adapters' dropout.
  ///   - resting: the model as it is judged; the same one by default.
  ///   - rows: token ids without the end's, at least two in each row.
  ///   - development: rows to judge by; none by default.
  ///   - corruption: how much is taken out.
  ///   - rates: the share to take out of rows of a language, by its name, in place of the corruption's own; none by default.
  ///   - temperature: how far languages are evened out (``LanguageSampling``); 1 by default, not at all.
  ///   - sentinels: the pieces that stand for stretches (``SpanCorruption/sentinels(of:)``).
  ///   - end: the token that ends a row.
  public init(
    _ model: SequenceToSequenceModel, resting: SequenceToSequenceModel? = nil, _ rows: LanguageRows,
    development: LanguageRows? = nil, _ corruption: SpanCorruption = SpanCorruption(),
    rates: [String: Double] = [:], temperature: Double = 1, sentinels: [Int32], end: Int32
  ) {
    (self.model, self.resting) = (model, resting ?? model)
    (self.rows, self.development, self.corruption) = (rows, development, corruption)
    noise = LanguageNoise(corruption.rate, rates)
    sampling = LanguageSampling(rows.languages, temperature: temperature)
    (self.sentinels, self.end) = (sentinels, end)
  }

  /// The mean cross-entropy of what was taken out of some rows.
  public func loss(_ examples: [Int], dropout: Dropout) throws -> Tensor {
    var generator = Shuffler(seed: try Engine.draw())
    let pairs = examples.map { corrupted(rows, $0, using: &generator) }
    return try model.loss(
      sources: pairs.map(\.source), labels: pairs.map(\.labels), dropout: dropout)
  }

  /// How well what was taken out of rows is written, each piece given those before it; nil without rows.
  ///
  /// What is taken out depends on the rows alone, so that scores can be compared.
  public func score(_ rows: LanguageRows) throws -> LanguageModelScore? {
    var generator = Shuffler(seed: 0x51ed_270b)
    let pairs = rows.rows.indices.map { corrupted(rows, $0, using: &generator) }
    var (loss, hits, count) = (0.0, 0, 0)
    try GradientMode.disabled {
      for indices in TokenBatches(lengths: pairs.map { $0.source.count + $0.labels.count }) {
        let labels = indices.map { pairs[$0].labels }
        let batch = try SequencePairs(
          sources: indices.map { pairs[$0].source }, targets: resting.decoderInputs(for: labels),
          for: resting.configuration)
        let states = try resting.decode(batch, memory: resting.encode(batch.source))
        let logits = try resting.logits(states)  // [target tokens, vocabulary]
        let targets = batch.target.order.flatMap { labels[$0].map(Int64.init) }
        let guesses = try logits.argmax(1).elements(as: Int64.self)
        loss += try logits.crossEntropies(Tensor(targets)).sum().item()
        hits += zip(guesses, targets).count { $0 == $1 }
        count += targets.count
      }
    }
    guard count > 0 else { return nil }
    return LanguageModelScore(
      loss: loss / Double(count), accuracy: Double(hits) / Double(count), count: count)
  }

  private func corrupted(
    _ rows: LanguageRows, _ row: Int, using generator: inout Shuffler
  ) -> SpanCorruption.Corrupted {
    var corruption = corruption
    corruption.rate = noise.rate(rows.languages[row])
    return corruption.corrupted(
      rows.rows[row], sentinels: sentinels, end: end, using: &generator)
  }
}
