// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// What of an encoder moves when a classifier is tuned: layers, with the embeddings or without, or low-rank changes of them.
struct MovingPart {
  /// The encoder as it learns.
  let body: Encoder
  /// The parameters with their rates, the last layer's first.
  let groups: [AdamW.Group]
  /// Parameters of which the way back to the base leads straight to where they began.
  let anchored: [Tensor]
  /// How many numbers move, of the word table all rows.
  let parameterCount: Int
  private let adapter: Adapter?
  private let pieces: PieceSubset?

  /// What the configuration lets move of `layers`.
  init(
    _ encoder: TextEncoder, _ configuration: TuningConfiguration, _ pieces: PieceSubset?,
    layers: Range<Int>
  ) throws {
    self.pieces = pieces
    if let rank = configuration.rank {
      var lora = LoRAConfiguration()
      (lora.rank, lora.alpha) = (rank, Double(2 * rank))
      lora.selection.layers = Array(layers)
      let adapter = try encoder.encoder.makeAdapter(.lora(lora), name: "task")
      let parameters = adapter.parameters.map(\.tensor)
      self.adapter = adapter
      body = try encoder.encoder.adapted(by: .single(adapter), isTraining: true).frozen()
      groups = [
        AdamW.Group(parameters, rate: configuration.rate, weightDecay: configuration.weightDecay)
      ]
      // A change is a product of two, of which the second begins at zero: a share of it is a share of the change.
      anchored = adapter.parameters.filter { $0.name.hasSuffix("lora_B.weight") }.map(\.tensor)
      parameterCount = adapter.parameterCount
      return
    }
    adapter = nil
    body = try pieces.map { try encoder.encoder.restricted(to: $0) } ?? encoder.encoder
    func parameters(_ part: String) -> [Tensor] {
      encoder.parameters.parameters.filter {
        $0.name.hasPrefix(part) || $0.name.contains(".\(part)")
      }.map(\.tensor)
    }
    var groups: [AdamW.Group] = []
    var rate = configuration.rate
    var count = 0
    for layer in layers.reversed() {
      let moving = parameters("encoder.layer.\(layer).")
      count += moving.reduce(0) { $0 + $1.count }
      groups.append(AdamW.Group(moving, rate: rate, weightDecay: configuration.weightDecay))
      rate *= configuration.layerDecay
    }
    if configuration.layers == nil {
      let words = encoder.encoder.wordEmbeddings
      let all = parameters("embeddings.")
      count += all.reduce(0) { $0 + $1.count }
      groups.append(
        AdamW.Group(
          [body.wordEmbeddings] + all.filter { $0 !== words }, rate: rate,
          weightDecay: configuration.weightDecay))
    }
    self.groups = groups
    anchored = groups.flatMap(\.parameters)
    parameterCount = count
  }

  /// Puts what was learned in the encoder's own weights.
  func settle(in encoder: Encoder) throws {
    if let pieces { try encoder.restoreWords(from: body, pieces) }
    if let adapter { try encoder.merge(adapter) }
  }
}
