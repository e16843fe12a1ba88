// SPDX-License-Identifier: Apache-2.0

import Torch

/// The best piece at each step, or one drawn at random; rows that have ended leave the batch.
struct GreedySearch {
  let model: SequenceToSequenceModel
  let configuration: GenerationConfiguration

  /// What is written for each source, given their numbers in the whole input, from which samples draw.
  func run(_ sources: [[Int32]], numbers: [Int]) throws -> [[GeneratedSequence]] {
    let copies = configuration.returnCount
    var state = try DecodingState(
      model, sources, rowCapacity: sources.count * copies,
      stepCapacity: configuration.maxNewTokens)
    let rules = LogitsRules(configuration)
    let start = Int32(model.configuration.startID)
    // `key` is a row's place in the result.
    var rows = sources.indices.flatMap { source in
      Array(repeating: RunningRow(ids: [start], source: source), count: copies)
    }
    var keys = Array(rows.indices)
    var samplers = configuration.sampling.map { sampling in
      rows.indices.map {
        PieceSampler(sampling, row: numbers[$0 / copies], copy: $0 % copies)
      }
    }
    var written = [[Int32]](repeating: [], count: rows.count)
    for count in 0..<configuration.maxNewTokens {
      let states = try state.advance(&rows)
      let next: [Int32]
      if let forced = rules.forcedID(after: count) {
        next = Array(repeating: forced, count: rows.count)
      } else {
        let logits = try model.logits(states)  // [rows, vocabulary]
        try rules.apply(to: logits, rows.map(\.ids))
        next = try choose(logits, keys, &samplers)
      }
      var kept: (rows: [RunningRow], keys: [Int]) = ([], [])
      for (index, id) in next.enumerated() {
        let row = rows[index].adding(id)
        if rules.isEnd(id) || count == configuration.maxNewTokens - 1 {
          written[keys[index]] = Array(row.ids.dropFirst())
        } else {
          kept.rows.append(row)
          kept.keys.append(keys[index])
        }
      }
      (rows, keys) = kept
      if rows.isEmpty { break }
    }
    return sources.indices.map { source in
      (0..<copies).map { GeneratedSequence(ids: written[source * copies + $0], score: nil) }
    }
  }

  private func choose(
    _ logits: Tensor, _ keys: [Int], _ samplers: inout [PieceSampler]?
  ) throws -> [Int32] {
    guard samplers != nil, let sampling = configuration.sampling else {
      return try logits.argmax(-1).elements(as: Int32.self)
    }
    let size = logits.shape[1]
    let count = sampling.topK == 0 ? size : min(sampling.topK, size)
    let (values, indices) = try logits.largest(count)
    let scores = try values.elements(as: Float.self)
    let ids = try indices.elements(as: Int32.self)
    return keys.enumerated().map { row, key in
      let range = (row * count)..<((row + 1) * count)
      return samplers?[key].draw(scores[range], ids[range]) ?? ids[range.lowerBound]
    }
  }
}
