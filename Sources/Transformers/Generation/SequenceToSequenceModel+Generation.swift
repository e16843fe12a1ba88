// SPDX-License-Identifier: Apache-2.0

import Torch

extension SequenceToSequenceModel {
  /// Source tokens in a batch of generation; each becomes as many rows as there are beams.
  public static let generationTokenLimit = 2048

  /// What the model writes for each source.
  ///
  /// Sources of like length are decoded together, several batches at a time (see ``Lanes``); rows that have ended cost
  /// nothing more. Call it on a ``packed()`` model, on the compute thread.
  ///
  /// - Parameters:
  ///   - sources: token ids with their special tokens, in any order.
  ///   - configuration: how to write; ``SequenceCheckpoint/generation`` has the model's own.
  ///   - tokenLimit: the most source tokens of a batch, beams counted.
  ///   - progress: told of the sources of each batch that is done.
  /// - Returns: for each source its texts, best first.
  public func generate(
    _ sources: [[Int32]], _ configuration: GenerationConfiguration,
    tokenLimit: Int = Self.generationTokenLimit, progress: (Int) -> Void = { _ in }
  ) throws -> [[GeneratedSequence]] {
    try configuration.check(for: self.configuration)
    let copies = max(configuration.beamCount, configuration.returnCount)
    let batches = TokenBatches(
      lengths: sources.map { $0.count * copies }, tokenLimit: tokenLimit
    ).batches
    let parts = try GradientMode.disabled {
      try Lanes.map(batches.count, completed: { progress(batches[$0].count) }) { index in
        let numbers = batches[index]
        let rows = numbers.map { sources[$0] }
        return configuration.beamCount > 1
          ? try BeamSearch(model: self, configuration: configuration).run(rows)
          : try GreedySearch(model: self, configuration: configuration)
            .run(rows, numbers: numbers)
      }
    }
    var result = [[GeneratedSequence]](repeating: [], count: sources.count)
    for (numbers, texts) in zip(batches, parts) {
      for (number, text) in zip(numbers, texts) { result[number] = text }
    }
    return result
  }
}
