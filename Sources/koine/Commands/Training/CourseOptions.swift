// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Torch
import Training

/// Options that say how a training goes, whatever it is of.
struct CourseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Passes over the examples; by default 3, in alignment 1.", valueName: "count"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Steps in all, in place of epochs.", valueName: "count"))
  var steps: Int?

  @Option(
    help: ArgumentHelp("Examples in a step; by default 32, in alignment 64.", valueName: "count"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "Parts that a step is computed in, one after another: less memory, the same step.",
      valueName: "count"))
  var accumulation = 1

  @Option(
    help: ArgumentHelp(
      "The peak step size; by default 5e-5 (full), 1e-4 (top), 5e-3 (ia3, prefix), 1e-3 (others).",
      valueName: "number"))
  var rate: Double?

  @Option(
    help: ArgumentHelp(
      """
      The head's peak step size; by default 1e-3 where it reads tokens, 1e-2 where it reads one vector of a text, \
      three times as much where it learns alone; in pretraining 3e-3 for a fresh head, else that of the rest.
      """, valueName: "number"))
  var headRate: Double?

  @Option(help: ArgumentHelp("The share of steps over which rates rise.", valueName: "share"))
  var warmup = 0.1

  @Option(
    help: ArgumentHelp("Each layer's rate over that of the layer after it.", valueName: "share"))
  var layerDecay = 1.0

  @Option(help: ArgumentHelp("Decoupled weight decay.", valueName: "number"))
  var weightDecay = 0.01

  @Option(help: ArgumentHelp("The largest norm of a gradient; 0 for any.", valueName: "number"))
  var clip = 1.0

  @Option(
    help: ArgumentHelp("Dropout of states; by default 0.1, in alignment 0.", valueName: "share"))
  var dropout: Double?

  @Option(
    help: ArgumentHelp(
      "Epochs after which one more layer moves, the last first; by default all move at once.",
      valueName: "count"))
  var unfreezing: Double?

  @Option(
    help: ArgumentHelp(
      "Times that --development may fail to get better before tuning stops at its best.",
      valueName: "count"))
  var patience: Int?

  @Option(
    help: ArgumentHelp("The share of last steps whose weights are averaged.", valueName: "share"))
  var averaging = 0.0

  @Option(
    help: ArgumentHelp(
      "Parameters that stay, as 'encoder.layer.1?.*'; may be repeated.", valueName: "pattern"))
  var freeze: [String] = []

  @Flag(
    help:
      "Compute layers again for gradients in place of keeping what is inside: less memory, more time."
  )
  var checkpointActivations = false

  @Option(
    help: ArgumentHelp(
      "What products of layers are computed in: float32 or bfloat16.", valueName: "precision"))
  var products = ProductPrecision.float32

  @Option(help: ArgumentHelp("Steps between checkpoints.", valueName: "count"))
  var checkpointInterval = 100

  @Option(
    help: ArgumentHelp("Seeds the head, the order of examples and dropout.", valueName: "number"))
  var seed: UInt64 = 1

  /// The course of a training.
  ///
  /// - Parameters:
  ///   - method: what moves, which says the usual rate.
  ///   - headRate: the usual rate of the head; nil where it depends on the head.
  ///   - usual: what holds where nothing was said.
  func plan(
    for method: TuningChoice.Kind, headRate usualHeadRate: Double?,
    usual: TrainingPlan = TrainingPlan()
  ) -> TrainingPlan {
    var plan = usual
    plan.epochs = epochs ?? usual.epochs
    plan.steps = steps
    plan.batchSize = batchSize ?? usual.batchSize
    plan.dropout = dropout ?? usual.dropout
    plan.accumulation = accumulation
    plan.rate = rate ?? method.standardRate
    plan.headRate = headRate ?? usualHeadRate
    (plan.checkpointsActivations, plan.products) = (checkpointActivations, products)
    (plan.warmup, plan.layerDecay, plan.weightDecay) = (warmup, layerDecay, weightDecay)
    plan.clip = clip
    (plan.unfreezing, plan.patience, plan.averaging) = (unfreezing, patience, averaging)
    plan.selection.frozen = freeze
    plan.checkpointInterval = checkpointInterval
    plan.seed = seed
    return plan
  }

  func validate() throws {
    do {
      try plan(for: .lora, headRate: 1e-3).validate()
    } catch {
      throw ValidationError(error.message)
    }
  }
}

extension ProductPrecision: ExpressibleByArgument {}
