// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// How parameters are trained: how long, in what steps, which of them, and when to stop.
///
/// The same plan, examples, seed, machine and number of threads give the same bytes, also where training was
/// interrupted and taken up again.
public struct TrainingPlan: Sendable, Equatable, Codable {
  /// Passes over the examples.
  public var epochs = 3
  /// Steps in all, in place of ``epochs``; nil for whole epochs.
  public var steps: Int?
  /// Examples in a step.
  public var batchSize = 32
  /// Parts that a step's examples are computed in, one after the other: less memory, the same step.
  public var accumulation = 1
  /// The peak step size of the last layer and of what is beside layers (adapters have their layer's).
  public var rate = 5e-5
  /// The peak step size of heads; ``rate`` when nil.
  public var headRate: Double?
  /// Each layer's rate, relative to the layer after it (Howard and Ruder, 2018).
  public var layerDecay = 1.0
  /// How rates go over time.
  public var schedule = LearningRateSchedule.Shape.linear
  /// The share of steps over which rates rise to their peak.
  public var warmup = 0.1
  /// Decoupled weight decay; biases and norms have none.
  public var weightDecay = 0.01
  /// The largest norm of a step's gradient; 0 for any.
  public var clip = 1.0
  /// Dropout of states.
  public var dropout = 0.1
  /// Dropout of attention weights; above 0 it rules out the faster kernel.
  public var attentionDropout = 0.0
  /// What is frozen and what moves; see ``ParameterSelection``.
  public var selection = ParameterSelection()
  /// Epochs after which one more layer moves, beginning with the last (gradual unfreezing; Howard and Ruder, 2018);
  /// nil for all from the start.
  public var unfreezing: Double?
  /// Times that development data may fail to get better before training stops; nil for never.
  public var patience: Int?
  /// The share of steps at the end whose weights are averaged (Izmailov and others, 2018); 0 keeps the last step's.
  public var averaging = 0.0
  /// Whether layers are computed again for gradients, in place of keeping what is inside of them: less memory, more time, the
  /// same course.
  public var checkpointsActivations = false
  /// What the products of layers are computed in.
  public var products = ProductPrecision.float32
  /// Steps between checkpoints, where there is a folder for them.
  public var checkpointInterval = 100
  /// Seeds the order of examples and dropout.
  public var seed: UInt64 = 1

  /// Three epochs of 32 examples at 5e-5.
  public init() {}

  /// Refuses settings that cannot be.
  ///
  /// - Throws: `TrainingError` with the setting's name, what was expected and what was found.
  public func validate() throws(TrainingError) {
    func require(
      _ holds: Bool, _ name: String, _ expected: String, _ found: Any
    ) throws(TrainingError) {
      guard holds else {
        throw TrainingError(.plan, "'\(name)' must be \(expected), found \(found)")
      }
    }
    try require(epochs > 0, "epochs", "at least 1", epochs)
    try require((steps ?? 1) > 0, "steps", "at least 1", steps ?? 0)
    try require(batchSize > 0, "batchSize", "at least 1", batchSize)
    try require(
      (1...batchSize).contains(accumulation), "accumulation",
      "between 1 and batchSize (\(batchSize))",
      accumulation)
    try require(rate > 0 && rate.isFinite, "rate", "above 0", rate)
    try require((headRate ?? 1) > 0, "headRate", "above 0", headRate ?? 0)
    try require(
      layerDecay > 0 && layerDecay <= 1, "layerDecay", "above 0 and at most 1", layerDecay)
    try require((0...1).contains(warmup), "warmup", "between 0 and 1", warmup)
    try require(weightDecay >= 0, "weightDecay", "at least 0", weightDecay)
    try require(clip >= 0, "clip", "at least 0", clip)
    try require((0..<1).contains(dropout), "dropout", "at least 0 and below 1", dropout)
    try require(
      (0..<1).contains(attentionDropout), "attentionDropout", "at least 0 and below 1",
      attentionDropout)
    try require((unfreezing ?? 1) > 0, "unfreezing", "above 0", unfreezing ?? 0)
    try require((patience ?? 1) > 0, "patience", "at least 1", patience ?? 0)
    try require((0...1).contains(averaging), "averaging", "between 0 and 1", averaging)
    try require(checkpointInterval > 0, "checkpointInterval", "at least 1", checkpointInterval)
  }

  /// Dropout as encoders take it.
  public var dropoutRates: Dropout { Dropout(hidden: dropout, attention: attentionDropout) }
}
