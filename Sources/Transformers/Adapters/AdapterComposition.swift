// SPDX-License-Identifier: Apache-2.0

import Torch

/// How adapters work together on one body (the compositions of AdapterHub; Poth and others, 2023).
public indirect enum AdapterComposition {
  /// One.
  case single(Adapter)
  /// One after the other, the first innermost: a language's, then a task's (MAD-X).
  case stack([AdapterComposition])
  /// The weighted mean of what each does; equal weights by default.
  case average([AdapterComposition], weights: [Double]? = nil)
  /// Attention to what each bottleneck does (AdapterFusion).
  case fuse(AdapterFusion)
  /// Each for some tokens of a batch; see ``AdapterRows``. Nil leaves the body as it is.
  case split([(tokens: Range<Int>, adapters: AdapterComposition?)])

  /// All adapters in it, in order.
  public var adapters: [Adapter] {
    switch self {
    case .single(let adapter): [adapter]
    case .stack(let parts): parts.flatMap(\.adapters)
    case .average(let parts, _): parts.flatMap(\.adapters)
    case .fuse(let fusion): fusion.adapters
    case .split(let parts): parts.flatMap { $0.adapters?.adapters ?? [] }
    }
  }
}

/// Rows of one batch that use different adapters, packed so that the rows of each stand together.
///
///     let rows = try AdapterRows(ids, using: [0, 1, 0, nil], for: encoder.configuration)
///     let states = try encoder.adapted(by: rows.composition([swahili, thai]))(rows.batch)
public struct AdapterRows {
  /// The batch; results come back in the order in which rows were given.
  public let batch: PackedBatch
  private let ranges: [(tokens: Range<Int>, choice: Int)]

  /// Packs rows of token ids by adapter, then by length.
  ///
  /// - Parameters:
  ///   - rows: token ids with their special tokens.
  ///   - choices: for each row the index of its adapter; nil for the body alone.
  ///   - configuration: the encoder that the batch is for.
  public init(
    _ rows: [[Int32]], using choices: [Int?], typeRows: [[Int32]]? = nil,
    for configuration: EncoderConfiguration
  ) throws {
    guard rows.count == choices.count else {
      throw TransformerError(
        .input, "\(choices.count) choices of adapters for \(rows.count) rows; expected as many")
    }
    let order = rows.indices.sorted {
      (choices[$0] ?? -1, rows[$0].count, $0) < (choices[$1] ?? -1, rows[$1].count, $1)
    }
    batch = try PackedBatch(rows, typeRows: typeRows, configuration.rowRules, order: order)
    var ranges: [(tokens: Range<Int>, choice: Int)] = []
    var start = 0
    for row in order {
      let end = start + rows[row].count
      if let choice = choices[row] {
        if let last = ranges.indices.last, ranges[last].choice == choice {
          ranges[last].tokens = ranges[last].tokens.lowerBound..<end
        } else {
          ranges.append((start..<end, choice))
        }
      }
      start = end
    }
    self.ranges = ranges
  }

  /// Each row's adapters, from those that its choice is an index of.
  public func composition(_ adapters: [AdapterComposition]) throws -> AdapterComposition {
    .split(
      try ranges.map { tokens, choice in
        guard adapters.indices.contains(choice) else {
          throw TransformerError(
            .input, "a row asks for adapter \(choice), there are \(adapters.count)")
        }
        return (tokens, adapters[choice])
      })
  }
}

/// Attention over adapters that were trained alone (AdapterFusion; Pfeiffer and others, 2021).
public final class AdapterFusion {
  /// The adapters, in the order of the fusion's name.
  public let adapters: [Adapter]
  /// The attention's parameters, by AdapterHub's names.
  public internal(set) var parameters: [ParameterStore.Parameter] = []

  /// What AdapterHub calls it: the adapters' names with commas between.
  public var name: String { adapters.map(\.name).joined(separator: ",") }

  init(_ adapters: [Adapter]) { self.adapters = adapters }

  subscript(name: String) -> Tensor? { parameters.first { $0.name == name }?.tensor }
}
