// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// Texts without labels and their translations, to which a task's answers should be the same: an alignment tailored to the task.
///
/// Beside the loss on labelled examples each step draws pairs: the model as it is, without dropout, says what it thinks of the source's side, and the
/// translation is moved towards that, by the divergence of the two distributions over classes (Kullback and Leibler; consistency of
/// examples, as in Zheng and others, 2021). Nothing is asked of what has no part in the task, unlike an alignment of whole vectors. Of words,
/// those that a word alignment links are compared.
public struct TaskAgreement<Feature: TaskFeature> {
  /// A text and its translation.
  public struct Pair {
    /// The source's side, from which is learned.
    public let source: Feature
    /// The side that learns.
    public let target: Feature
    /// Items of the source's side, and those of the other that should get the same classes, one by one.
    let items: (source: [Int], target: [Int])

    /// A pair.
    ///
    /// - Parameters:
    ///   - source: the source's side.
    ///   - target: the other.
    ///   - links: places among each side's items that belong together; of whole texts, which have one item each, 0 and 0.
    public init(
      _ source: Feature, _ target: Feature, links: [(source: Int, target: Int)] = [(0, 0)]
    ) {
      (self.source, self.target) = (source, target)
      items = (links.map(\.source), links.map(\.target))
    }
  }

  /// The pairs.
  public let pairs: [Pair]
  /// What the divergence counts beside the loss on labelled examples.
  public let weight: Double
  private let itemCount: (Feature) -> Int
  private let logits: (Tensor, TaskBatch<Feature>, TaskHead) throws -> Tensor

  /// Pairs that a task's answers should agree about.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - pairs: those without links are left out.
  ///   - weight: what the divergence counts; 1 by default.
  /// - Throws: `TrainingError` where no pair is left, or the weight is not above 0.
  public init<Task: AgreeingTask>(
    _ task: Task, _ pairs: [Pair], weight: Double = 1
  ) throws(TrainingError) where Task.Feature == Feature {
    self.pairs = pairs.filter { !$0.items.source.isEmpty }
    self.weight = weight
    itemCount = task.itemCount
    logits = { try task.logits($0, $1, $2, dropout: 0) }
    guard !self.pairs.isEmpty else {
      throw TrainingError(
        .plan,
        "expected pairs of texts to agree about, found \(pairs.count), none of them with anything to compare"
      )
    }
    guard weight > 0, weight.isFinite else {
      throw TrainingError(.plan, "the weight of agreement must be above 0, found \(weight)")
    }
  }

  /// All that is read of pairs.
  var features: [Feature] { pairs.flatMap { [$0.source, $0.target] } }

  /// The mean divergence over the links of some pairs, drawn by the engine's generator.
  ///
  /// - Parameters:
  ///   - count: how many pairs.
  ///   - head: the head.
  ///   - pieces: the pieces that the bodies are restricted to.
  ///   - resting: the body as it is judged, for the source's side.
  ///   - learning: states by the body as it learns, for the other.
  func loss(
    count: Int, _ head: TaskHead, _ pieces: PieceSubset?, _ resting: Encoder,
    _ learning: (PackedBatch) throws -> Tensor
  ) throws -> Tensor {
    var generator = Shuffler(seed: try Engine.draw())
    let chosen = (0..<count).map { _ in pairs[Int.random(in: pairs.indices, using: &generator)] }
    let shape = resting.configuration
    let sources = try TaskBatch(chosen.map(\.source), pieces: pieces, for: shape)
    let targets = try TaskBatch(chosen.map(\.target), pieces: pieces, for: shape)
    let wanted = try GradientMode.disabled {
      try logits(resting(sources.packed), sources, head)
        .gathered(0, places(chosen.map { ($0.source, $0.items.source) })).logSoftmax()
    }
    let found = try logits(learning(targets.packed), targets, head)
      .gathered(0, places(chosen.map { ($0.target, $0.items.target) })).logSoftmax()
    // [links, classes]
    return try wanted.exp().multiplied(by: wanted.subtracting(found)).sum([1]).mean()
  }

  /// The places of linked items among all items of one side of a batch, `[links]`.
  private func places(_ sides: [(feature: Feature, items: [Int])]) throws -> Tensor {
    var first = 0
    var places: [Int64] = []
    for (feature, items) in sides {
      places += items.map { Int64(first + $0) }
      first += itemCount(feature)
    }
    return try Tensor(places)
  }
}
