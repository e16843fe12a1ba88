// SPDX-License-Identifier: Apache-2.0

import Torch

/// A BERT-style encoder: BERT, mBERT, RoBERTa, XLM-R and multilingual E5.
///
/// # Shapes
/// | what | shape |
/// |---|---|
/// | states | `[tokens, hidden]`, tokens of all rows end to end, see ``PackedBatch`` |
/// | pooled | `[rows, hidden]` |
public struct Encoder {
  /// The encoder's shape.
  public private(set) var configuration: EncoderConfiguration
  private(set) var embeddings: TextEmbeddings
  private(set) var layers: [Block]
  private(set) var invertible = InvertibleAdapters()
  let pooler: Linear?
  /// Whether layers are computed again for gradients, in place of keeping what is inside of them; false by default.
  public var checkpointsActivations = false
  /// Whether a token sees only those up to itself, as to say what comes next; false by default.
  public var isCausal = false

  /// Builds the encoder from a scope that holds `embeddings` and `encoder`; a pooler where there is one.
  public init(
    _ scope: ParameterScope, _ configuration: EncoderConfiguration, withPooler: Bool? = nil
  ) throws {
    self.configuration = configuration
    embeddings = try TextEmbeddings(scope["embeddings"], configuration)
    layers = try (0..<configuration.layerCount).map { index in
      try Block(
        scope["encoder"]["layer", index], configuration.block, EncoderConfiguration.blockNames)
    }
    let hidden = configuration.hiddenSize
    let poolerScope = scope["pooler", "dense"]
    pooler =
      withPooler ?? poolerScope.contains("weight")
      ? try Linear(poolerScope, inputs: hidden, outputs: hidden) : nil
  }

  /// The same encoder with its weights, as they are now, laid out for inference.
  ///
  /// Faster, most of all on small batches, for a copy of the layers' weights in memory. Later changes to the
  /// weights do not reach it.
  public func packed() throws(TorchError) -> Encoder {
    var result = self
    result.layers = []
    for layer in layers { result.layers.append(try layer.packed()) }
    return result
  }

  /// The same encoder with its layers' weights laid out for a training in which they stay as they are, as that of adapters.
  ///
  /// Gradients go through the layers and not to them. To be called when adapters are in place. In single precision, on processors with AVX-512; elsewhere nothing changes.
  public func frozen() throws -> Encoder {
    var result = self
    for index in layers.indices {
      try result.layers[index].forEachLinear { $0 = try $0.frozen() }
    }
    return result
  }

  /// The same encoder with its layers' weights, as they are now, in 8 bits, for inference on a processor.
  ///
  /// Each output of a linear map has a scale, and each token's states are quantised by their own range as they come, so that no
  /// calibration is needed; embeddings, normalisations, heads and adapters stay in single precision. With ``Int8Weight/Kernel/vnni``
  /// several times as fast as single precision, in a quarter of the memory of the layers. Later changes to the
  /// weights do not reach it, and it has no gradients: with gradients on, it throws.
  public func quantized() throws(TorchError) -> Encoder {
    var result = self
    result.layers = []
    for layer in layers { result.layers.append(try layer.quantized()) }
    return result
  }

  /// The last layer's states.
  public func callAsFunction(
    _ batch: PackedBatch, dropout: Dropout = .none
  ) throws(TorchError) -> Tensor {
    try states(batch, through: layers.count, dropout: dropout)
  }

  /// The states after the first `depth` layers; 0 gives the embeddings.
  public func states(
    _ batch: PackedBatch, through depth: Int, dropout: Dropout = .none
  ) throws(TorchError) -> Tensor {
    let embedded = try invertible(embeddings(batch).dropout(dropout.hidden))
    return try states(embedded, batch, layers: 0..<depth, dropout: dropout)
  }

  /// States carried on through some layers, from states that were computed (and kept) before.
  public func states(
    _ input: Tensor, _ batch: PackedBatch, layers range: Range<Int>, dropout: Dropout = .none
  ) throws(TorchError) -> Tensor {
    var states = input
    let rows = AttentionRows(batch, isCausal: isCausal)
    for layer in layers[range] {
      if checkpointsActivations {
        states = try states.checkpointed { (states) throws(TorchError) in
          try layer(states, rows, dropout: dropout)
        }
      } else {
        states = try layer(states, rows, dropout: dropout)
      }
    }
    return states
  }

  /// The states of all depths, embeddings first.
  public func allStates(_ batch: PackedBatch) throws(TorchError) -> [Tensor] {
    var all = [try invertible(embeddings(batch))]
    let rows = AttentionRows(batch, isCausal: isCausal)
    for layer in layers { all.append(try layer(all[all.count - 1], rows, dropout: .none)) }
    return all
  }

  /// BERT's pooled output: the first token's state through a layer with tanh; nil without a pooler.
  public func pooled(_ states: Tensor, _ batch: PackedBatch) throws(TorchError) -> Tensor? {
    guard let pooler else { return nil }
    return try pooler(Pooling.first(states, batch), activation: .tanh)
  }
}

extension Encoder {
  /// The same encoder with what adapters change in it; nothing is copied but references.
  ///
  /// - Parameters:
  ///   - composition: the adapters; they take the place of those that it had.
  ///   - isTraining: whether adapters' own dropout applies; false by default.
  /// - Throws: `TransformerError` for an adapter that does not fit the encoder's shape.
  public func adapted(
    by composition: AdapterComposition, isTraining: Bool = false
  ) throws -> Encoder {
    let fitting = AdapterFitting(composition: composition, isTraining: isTraining)
    var result = self
    for index in result.layers.indices {
      try result.layers[index].forEachLinear(fitting.fit)
      result.layers[index].setPrefixes(
        try fitting.prefixes(
          layer: index, of: layers.count, width: configuration.hiddenSize))
      result.layers[index].selfAttentionAdapter = try fitting.sublayer(place(index, true))
      result.layers[index].feedForwardAdapter = try fitting.sublayer(place(index, false))
    }
    result.embeddings.prefixes = result.layers.first?.prefixLengths ?? []
    result.invertible = try fitting.invertible(width: configuration.hiddenSize)
    return result
  }

  /// A sublayer as adapters name it.
  func place(_ layer: Int, _ isAttention: Bool) -> AdapterFitting.Place {
    AdapterFitting.Place(
      path: "encoder.layer.\(layer).\(isAttention ? "attention.output" : "output")", layer: layer,
      isAttention: isAttention, width: configuration.hiddenSize,
      normEpsilon: configuration.layerNormEpsilon)
  }

  /// The linear maps of all layers.
  var linears: [Linear] {
    var found: [Linear] = []
    for var layer in layers { layer.forEachLinear { found.append($0) } }
    return found
  }

  /// The word embeddings, `[vocabulary, hidden]`.
  public var wordEmbeddings: Tensor { embeddings.words }

  /// The same encoder with a word table of its own that holds only some pieces.
  ///
  /// Of a quarter of a million rows, tuning on a few thousand sentences touches a few thousand. The other
  /// rows have gradients of zero, so leaving them out changes no result and saves their memory and time.
  public func restricted(to pieces: PieceSubset) throws -> Encoder {
    var result = self
    result.embeddings.words = try GradientMode.disabled { () throws(TorchError) in
      try embeddings.words.gathered(0, Tensor(pieces.ids))
    }
    result.embeddings.paddingID = pieces[Int32(configuration.paddingID)].map(Int.init) ?? -1
    result.configuration.vocabularySize = pieces.ids.count
    return result
  }

  /// Copies the rows of a restricted encoder's table back to where they came from.
  public func restoreWords(from restricted: Encoder, _ pieces: PieceSubset) throws {
    try GradientMode.disabled { () throws(TorchError) in
      try embeddings.words.copy(
        rows: restricted.embeddings.words.detached(), at: Tensor(pieces.ids.map(Int64.init)))
    }
  }
}
