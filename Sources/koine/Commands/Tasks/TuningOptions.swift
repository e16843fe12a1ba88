// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tasks
import Torch
import Training
import Transfer
import Transformers

/// Options that say what moves, and how.
struct TuningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What moves beside the head: head (nothing), top (the last layers), full, biases, lora, ia3, prefix, \
      pfeiffer or houlsby (bottlenecks).
      """, valueName: "method"))
  var method = TuningChoice.Kind.lora

  @Option(help: ArgumentHelp("How many of the last layers 'top' moves.", valueName: "count"))
  var layers = 4

  @Option(help: ArgumentHelp("The rank of LoRA's changes.", valueName: "count"))
  var rank = 8

  @Option(
    help: ArgumentHelp("What LoRA's changes are multiplied by, over the rank.", valueName: "number")
  )
  var alpha = 16.0

  @Option(
    help: ArgumentHelp(
      "The linear maps that LoRA changes, between commas, or 'all'; by default queries and values.",
      valueName: "names"))
  var targets: String?

  @Option(help: ArgumentHelp("The body's width over a bottleneck's.", valueName: "number"))
  var reduction = 16.0

  @Option(help: ArgumentHelp("Virtual tokens of a prefix.", valueName: "count"))
  var prefixLength = 20

  @Option(
    help: ArgumentHelp(
      "An adapter below what is trained, which stays as it is, as a language's (MAD-X); may be repeated.",
      valueName: "folder"))
  var below: [String] = []

  @Option(help: ArgumentHelp("Passes over the examples.", valueName: "count"))
  var epochs = 3

  @Option(help: ArgumentHelp("Steps in all, in place of epochs.", valueName: "count"))
  var steps: Int?

  @Option(help: ArgumentHelp("Examples in a step.", valueName: "count"))
  var batchSize = 32

  @Option(
    help: ArgumentHelp(
      "Parts that a step is computed in, one after another: less memory, the same step.",
      valueName: "count"))
  var accumulation = 1

  @Option(
    help: ArgumentHelp(
      "The peak step size; by default 5e-5 (full), 1e-4 (top), 5e-3 (ia3), 1e-3 (others).",
      valueName: "number"))
  var rate: Double?

  @Option(
    help: ArgumentHelp(
      """
      The head's peak step size; by default 1e-3 where it reads tokens, 1e-2 where it reads one vector of a text, \
      three times as much where it learns alone.
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

  @Option(help: ArgumentHelp("Dropout of states.", valueName: "share"))
  var dropout = 0.1

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

  @Option(help: ArgumentHelp("Probability that is spread over all classes.", valueName: "share"))
  var labelSmoothing = 0.0

  @Flag(help: "Let classes weigh the same in all, whatever their number of examples.")
  var balance = false

  @Option(
    help: ArgumentHelp(
      """
      Try so many settings on --development first (random rates, successive halving) and tune with the best.
      """, valueName: "count"))
  var search: Int?

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

  /// What moves.
  var choice: TuningChoice {
    var choice = TuningChoice(method)
    (choice.layers, choice.rank, choice.alpha) = (layers, rank, alpha)
    choice.reductionFactor = reduction
    choice.prefixLength = prefixLength
    choice.targets = targets.map { $0.split(separator: ",").map(String.init) } ?? []
    return choice
  }

  /// How it moves.
  func plan(for task: TaskKind) -> TrainingPlan {
    var plan = TrainingPlan()
    (plan.epochs, plan.steps, plan.batchSize) = (epochs, steps, batchSize)
    plan.accumulation = accumulation
    plan.rate = rate ?? method.standardRate
    plan.headRate = headRate ?? method.standardHeadRate(poolsStates: task.poolsStates)
    (plan.checkpointsActivations, plan.products) = (checkpointActivations, products)
    (plan.warmup, plan.layerDecay, plan.weightDecay) = (warmup, layerDecay, weightDecay)
    (plan.clip, plan.dropout) = (clip, dropout)
    (plan.unfreezing, plan.patience, plan.averaging) = (unfreezing, patience, averaging)
    plan.selection.frozen = freeze
    plan.checkpointInterval = checkpointInterval
    plan.seed = seed
    return plan
  }

  func validate() throws {
    guard search ?? 1 > 0 else {
      throw ValidationError("--search must be at least 1, found \(search ?? 0)")
    }
    guard layers > 0, rank > 0, reduction > 0, prefixLength > 0 else {
      throw ValidationError("--layers, --rank, --reduction and --prefix-length must be above 0")
    }
    do {
      try plan(for: .classification).validate()
    } catch {
      throw ValidationError(error.message)
    }
  }
}

extension TuningChoice.Kind: ExpressibleByArgument {}
extension ProductPrecision: ExpressibleByArgument {}
