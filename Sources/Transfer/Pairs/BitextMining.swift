// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import WordVectors

/// Mines pairs of translations from two sides of text whose vectors are there or are made first.
public struct BitextMining {
  /// How vectors are compared.
  public var miner: BitextMiner
  /// Which pairs are kept.
  public var choice: MarginMining.Choice
  /// Threads to compare with.
  public var threads: Int
  private let log: (String) -> Void

  /// Mining with some settings, which tells `log` of progress.
  public init(
    _ miner: BitextMiner, choice: MarginMining.Choice, threads: Int,
    log: @escaping (String) -> Void
  ) {
    self.miner = miner
    self.choice = choice
    self.threads = threads
    self.log = log
  }

  /// All pairs of a choice, the best first; on the compute thread.
  ///
  /// - Throws: `WordVectorError` where the vectors do not belong together, and what the engine throws.
  public func pairs(
    _ source: BitextMiner.Side, _ target: BitextMiner.Side
  ) throws -> [MarginMining.Pair] {
    var meter = ProgressMeter(log)
    meter.name("comparing \(source.count) with \(target.count) texts")
    if let index = miner.index {
      log("index: \(index.description(for: target.count, named: "targets"))")
      log("index: \(index.description(for: source.count, named: "sources"))")
    }
    meter.begin(miner.work(source, target), unit: miner.index == nil ? "pairs" : "texts")
    let candidates = try miner.candidates(
      source, target, engine: TensorMatrixEngine(), threads: threads
    ) { meter.advance($0) }
    meter.end()
    return candidates.pairs(choice).sorted {
      ($1.score, $0.source, $0.target) < ($0.score, $1.source, $1.target)
    }
  }

  /// A side whose vectors were made before, one for each record of its file.
  ///
  /// - Throws: `WordVectorError.Code.data` where there are more or fewer.
  public static func side(
    _ texts: MiningTexts, vectors path: String
  ) throws(WordVectorError) -> BitextMiner.Side {
    let vectors = try VectorMatrix(numpy: path)
    guard vectors.rows == texts.recordCount else {
      throw WordVectorError(
        .data, "the vectors do not belong to the lines of \(texts.name)",
        expected: "\(texts.recordCount) rows", found: "\(vectors.rows)",
        hint: "make them anew by 'koine embed --output'", at: path)
    }
    return .init(
      vectors, rows: texts.records.count == vectors.rows ? nil : texts.records)
  }
}
