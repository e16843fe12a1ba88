// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// Tunes an encoder and a softmax head on labelled text of the source language.
///
/// Layers below those that move are run once and their states kept, so an epoch costs only what it
/// changes; where embeddings move, only the rows of pieces that occur are held and updated. Changes of a low rank are
/// learned beside the weights, and added to them at the end. Features are what the frozen classifier sees: pooled, of length one, minus the center of the group that a row is of.
public final class ClassifierTuner {
  /// Rows of token ids with their classes.
  public struct Examples: Sendable {
    /// Token ids of each text.
    public var rows: [[Int32]]
    /// The class of each text.
    public var labels: [Int]
    /// The group of each text.
    public var groups: [Int]

    /// Rows and as many labels, of the first group where nothing else is said.
    public init(rows: [[Int32]], labels: [Int], groups: [Int]? = nil) {
      self.rows = rows
      self.labels = labels
      self.groups = groups ?? Array(repeating: 0, count: rows.count)
    }
  }

  /// Text that lies in one region of the space: a language's, or what stands for it.
  public struct Group {
    /// Subtracted from features, `[width]`; nil for nothing.
    public var center: Tensor?
    /// Which of the unlabelled languages its sentences are moved into, where they are moved; nil for any.
    public var destination: Int?

    /// A group.
    public init(center: Tensor? = nil, destination: Int? = nil) {
      self.center = center
      self.destination = destination
    }
  }

  /// What one epoch came to.
  public struct Epoch: Sendable, Equatable, Codable {
    /// The epoch, from 1.
    public var number: Int
    /// The mean training loss.
    public var loss: Double
    /// The mean loss on development data, where there is any.
    public var developmentLoss: Double?
    /// Tokens gone through.
    public var tokenCount: Int
  }

  private let encoder: TextEncoder
  private let configuration: TuningConfiguration
  private let groups: [Group]
  /// The groups' centers, `[groups, width]`; nil where none has any.
  private let centers: Tensor?
  private let depth: Int
  private let firstMoving: Int
  private var movesEmbeddings: Bool { configuration.layers == nil && configuration.rank == nil }
  /// Whether layers stay whose states can be kept.
  private var keepsStates: Bool { configuration.layers != nil }
  /// Parameters that move, of the word table all rows; after ``tune(_:development:head:unlabelled:seed:progress:report:)``.
  public private(set) var movingParameterCount = 0

  /// A tuner; it changes the encoder's parameters in place.
  ///
  /// - Parameters:
  ///   - encoder: the base, whose memory is private to this run.
  ///   - configuration: what moves and how.
  ///   - groups: what rows of examples are of; the first is the source language.
  public init(
    _ encoder: TextEncoder, _ configuration: TuningConfiguration, groups: [Group] = [Group()]
  ) throws {
    self.encoder = encoder
    self.configuration = configuration
    self.groups = groups
    if groups.contains(where: { $0.center != nil }) {
      var rows: [Tensor] = []
      for group in groups { rows.append(try group.center ?? .zeros([encoder.width])) }
      centers = try Tensor.stacked(rows)
    } else {
      centers = nil
    }
    depth = encoder.encoder.configuration.layerCount
    firstMoving = max(0, depth - (configuration.layers ?? depth))
  }

  /// Tunes in place and returns the head that belongs to the tuned encoder.
  ///
  /// - Parameters:
  ///   - training: examples to learn from, with labels of the source language.
  ///   - development: source-language examples to stop by, or nil.
  ///   - start: where the head starts; it is copied.
  ///   - unlabelled: token ids of some text of each other language, for `languageShift`; none by default.
  ///   - seed: for the order of rows and for dropout.
  ///   - progress: called after each step with the tokens that it went through.
  ///   - report: called after each epoch.
  public func tune(
    _ training: Examples, development: Examples? = nil, head start: SoftmaxHead,
    unlabelled: [[[Int32]]] = [], seed: UInt64, progress: (Int) -> Void = { _ in },
    report: (Epoch) -> Void = { _ in }
  ) throws -> SoftmaxHead {
    try Engine.seed(seed)
    let head = SoftmaxHead(weight: try start.weight.clone(), bias: try start.bias.clone())
    let pieces = movesEmbeddings ? PieceSubset(in: training.rows + (development?.rows ?? [])) : nil
    let part = try MovingPart(encoder, configuration, pieces, layers: firstMoving..<depth)
    let body = part.body
    movingParameterCount = part.parameterCount
    let shifts = try LanguageShifts(
      configuration.languageShift, groups: rows(training), destinations: groups.map(\.destination),
      others: unlabelled, meanState)
    let training = try inputs(training, pieces)
    let development = try development.map { try inputs($0, pieces) }

    let groups =
      part.groups
      + [AdamW.Group([head.weight, head.bias], rate: configuration.headRate, weightDecay: 0)]
    let all = groups.flatMap(\.parameters)
    for parameter in all { try parameter.setRequiresGradient() }
    let peaks = groups.map(\.rate)
    let anchor = try WeightAnchor(part.anchored)
    let average = WeightAverage(all)
    let best = BestWeights(all, patience: configuration.patience)
    let optimizer = AdamW(groups)
    let classWeights = try Tensor(
      SoftmaxRegression.weights(
        training.labels, head.bias.count, configuration.balancesClasses
      ).map(Float.init))

    var shuffler = Shuffler(seed: seed)
    let size = configuration.batchSize
    let schedule = LearningRateSchedule(
      stepCount: (training.rows.count + size - 1) / size * configuration.epochs,
      warmup: configuration.warmup)
    let averageFrom = Int(Double(schedule.stepCount) * (1 - configuration.averaging))
    var step = 0
    for number in 1...max(1, configuration.epochs) {
      var epoch = Epoch(number: number, loss: 0, tokenCount: 0)
      for indices in shuffler.batches(training.rows.count, size: size) {
        let factor = schedule.factor(step)
        for group in optimizer.groups.indices {
          optimizer.groups[group].rate = peaks[group] * factor
        }
        let loss = try self.loss(
          training, indices, body, head, dropout: configuration.dropout, classWeights
        ) { batch, states in
          try shifts.apply(
            to: states, batch, groups: indices.map { training.groups[$0] }, &shuffler)
        }
        let value = try loss.item()
        guard value.isFinite else {
          throw TaskError(
            .training,
            "the loss is \(value) after \(step) steps, in epoch \(number): tuning has diverged; lower "
              + "'rate' (\(configuration.rate)) or 'headRate' (\(configuration.headRate))")
        }
        try loss.backward()
        try optimizer.clipGradients(configuration.clip)
        try optimizer.step()
        try optimizer.clearGradients()
        try anchor.pull(configuration.rate * factor * configuration.startPull)
        epoch.loss += value * Double(indices.count) / Double(training.rows.count)
        let tokens = indices.reduce(0) { $0 + training.rows[$1].count }
        epoch.tokenCount += tokens
        progress(tokens)
        step += 1
        if configuration.averaging > 0, step > averageFrom { try average.add() }
      }
      if let development {
        epoch.developmentLoss = try developmentLoss(development, body, head)
      }
      report(epoch)
      if let loss = epoch.developmentLoss, try best.shouldStop(after: loss) { break }
    }
    try average.apply()
    try best.restore()
    try anchor.pull(1 - configuration.interpolation)
    for parameter in all { try parameter.setRequiresGradient(false) }
    try part.settle(in: encoder.encoder)
    return head
  }

  /// The rows of each group.
  private func rows(_ examples: Examples) -> [[[Int32]]] {
    var result = Array(repeating: [[Int32]](), count: groups.count)
    for (row, group) in zip(examples.rows, examples.groups) { result[group].append(row) }
    return result
  }

  /// Rows as the moving part of the encoder takes them.
  private struct Inputs {
    var rows: [[Int32]]
    var labels: [Int]
    var groups: [Int]
    /// For each row, its states after the layers that stay, `[length, hidden]`; nil when none stay.
    var states: [Tensor]?
  }

  private func inputs(_ examples: Examples, _ pieces: PieceSubset?) throws -> Inputs {
    Inputs(
      rows: pieces?.renumbered(examples.rows) ?? examples.rows, labels: examples.labels,
      groups: examples.groups,
      states: keepsStates ? try encoder.states(examples.rows, through: firstMoving) : nil)
  }

  /// The mean loss over some rows.
  private func loss(
    _ inputs: Inputs, _ indices: [Int], _ body: Encoder, _ head: SoftmaxHead, dropout: Double,
    _ classWeights: Tensor?, shift: (PackedBatch, Tensor) throws -> Tensor = { $1 }
  ) throws -> Tensor {
    let batch = try PackedBatch(indices.map { inputs.rows[$0] }, for: body.configuration)
    let dropout = Dropout(hidden: dropout)
    let states: Tensor
    if let kept = inputs.states {
      let input = try Tensor.concatenated(batch.order.map { kept[indices[$0]] })
      states = try body.states(
        shift(batch, input), batch, layers: firstMoving..<depth, dropout: dropout)
    } else {
      states = try body(batch, dropout: dropout)
    }
    let unit = try encoder.pooling(states, batch).normalized()  // [rows, width]
    let places = try Tensor(indices.map { Int64(inputs.groups[$0]) })
    let logits = try head.logits(
      centers.map { (centers) in try unit.subtracting(centers.gathered(0, places)) } ?? unit)
    return try logits.crossEntropy(
      Tensor(indices.map { Int64(inputs.labels[$0]) }), weight: classWeights,
      labelSmoothing: classWeights == nil ? 0 : configuration.labelSmoothing)
  }

  /// The mean over all tokens of some rows of the states that the moving layers start from, `[hidden]`.
  private func meanState(_ rows: [[Int32]]) throws -> Tensor? {
    keepsStates ? try encoder.meanState(rows, through: firstMoving) : nil
  }

  private func developmentLoss(
    _ inputs: Inputs, _ body: Encoder, _ head: SoftmaxHead
  ) throws -> Double {
    try GradientMode.disabled {
      var total = 0.0
      for indices in TokenBatches(lengths: inputs.rows.map(\.count)) {
        total +=
          try loss(inputs, indices, body, head, dropout: 0, nil).item()
          * Double(indices.count)
      }
      return total / Double(inputs.rows.count)
    }
  }
}
