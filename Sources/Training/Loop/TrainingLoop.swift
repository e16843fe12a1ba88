// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

/// Moves parameters against the slope of a loss, step by step, resumable at any of its checkpoints.
///
/// All that chance decides (the order of examples, dropout) follows from the seed and the step's number, so that a
/// training that was killed goes on from its last checkpoint to the very same bytes.
public final class TrainingLoop {
  /// What one epoch came to.
  public struct Epoch: Sendable, Equatable, Codable {
    /// The epoch, from 1.
    public var number: Int
    /// The mean loss of its examples.
    public var loss: Double
    /// The loss on development data, where there is any.
    public var developmentLoss: Double?
    /// The learning rate after its last step.
    public var rate: Double
  }

  /// What a training came to.
  public struct Outcome: Sendable, Equatable {
    /// All epochs, those before an interruption included.
    public var epochs: [Epoch]
    /// Steps taken, those before an interruption included.
    public var steps: Int
    /// The step that this run went on from; 0 for a fresh start.
    public var resumedAt: Int
    /// Whether it stopped before its last epoch, as ``TrainingPlan/patience`` asks.
    public var stoppedEarly: Bool
  }

  let plan: TrainingPlan
  let parameters: [TrainedParameter]
  let optimizer: AdamW
  let average: WeightAverage
  let best: BestWeights
  private let checkpoints: TrainingCheckpoints?
  private let peaks: [Double]
  private let depths: [Int?]

  /// A loop over parameters, which it changes in place.
  ///
  /// - Parameters:
  ///   - plan: how to train.
  ///   - parameters: all that the model has; the plan's selection says which of them move.
  ///   - checkpoints: a folder for checkpoints, made where it is not there; nil for none.
  public init(
    _ plan: TrainingPlan, parameters: [TrainedParameter], checkpoints: URL? = nil
  ) throws {
    try plan.validate()
    self.plan = plan
    self.parameters = try plan.selection.apply(to: parameters)
    var groups: [AdamW.Group] = []
    var peaks: [Double] = []
    var depths: [Int?] = []
    let deepest = self.parameters.compactMap(\.depth).max() ?? 0
    for (rate, depth, members) in Self.grouped(self.parameters, plan, deepest: deepest) {
      for isExempt in [false, true] {
        let tensors = members.filter { $0.isExemptFromDecay == isExempt }.map(\.tensor)
        guard !tensors.isEmpty else { continue }
        groups.append(
          AdamW.Group(tensors, rate: rate, weightDecay: isExempt ? 0 : plan.weightDecay))
        peaks.append(rate)
        depths.append(depth)
      }
    }
    (self.peaks, self.depths) = (peaks, depths)
    optimizer = AdamW(groups)
    let all = groups.flatMap(\.parameters)
    average = WeightAverage(all)
    best = BestWeights(all, patience: plan.patience)
    self.checkpoints = checkpoints.map { TrainingCheckpoints(folder: $0) }
  }

  /// How many numbers move.
  public var movingParameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.count } }

  private static func grouped(
    _ parameters: [TrainedParameter], _ plan: TrainingPlan, deepest: Int
  ) -> [(rate: Double, depth: Int?, members: [TrainedParameter])] {
    var result: [(Double, Int?, [TrainedParameter])] = []
    let heads = parameters.filter(\.isHead)
    if !heads.isEmpty { result.append((plan.headRate ?? plan.rate, nil, heads)) }
    let body = parameters.filter { !$0.isHead }
    let beside = body.filter { $0.depth == nil }
    if !beside.isEmpty { result.append((plan.rate, nil, beside)) }
    for depth in stride(from: deepest, through: 0, by: -1) {
      let members = body.filter { $0.depth == depth }
      guard !members.isEmpty else { continue }
      result.append((plan.rate * pow(plan.layerDecay, Double(deepest - depth)), depth, members))
    }
    return result
  }

  /// Trains to the end of the plan, from the newest checkpoint where there is one.
  ///
  /// - Parameters:
  ///   - objective: the loss.
  ///   - progress: called after each step with its number, the number of all steps, and its loss.
  ///   - report: called after each epoch of this run.
  /// - Throws: `TrainingError` where the loss is no number, or a checkpoint is not this training's.
  @discardableResult
  public func run(
    _ objective: some TrainingObjective,
    progress: (Int, Int, Double) throws -> Void = { _, _, _ in },
    report: (Epoch) -> Void = { _ in }
  ) throws -> Outcome {
    let perEpoch = objective.batchCount(size: plan.batchSize)
    guard perEpoch > 0 else { throw TrainingError(.plan, "there are no examples to train on") }
    let stepCount = plan.steps ?? perEpoch * plan.epochs
    let schedule = LearningRateSchedule(
      plan.schedule, stepCount: stepCount, warmup: plan.warmup)
    let averageFrom = Int(Double(stepCount) * (1 - plan.averaging))
    var course = Course()
    if let checkpoints, let found = try checkpoints.load(into: self, stepCount: stepCount) {
      course = found
    }
    let start = course.step
    defer { for parameter in parameters { try? parameter.tensor.setRequiresGradient(false) } }
    var batches: (epoch: Int, order: [[Int]])?

    while course.step < stepCount, !course.isStopped {
      let (epoch, place) = course.step.quotientAndRemainder(dividingBy: perEpoch)
      if batches?.epoch != epoch {
        let seed = plan.seed &+ UInt64(epoch) &* 0x9e37_79b9_7f4a_7c15
        let steps = Double(stepCount)
        let span = Double(epoch * perEpoch) / steps...Double((epoch + 1) * perEpoch) / steps
        batches = (epoch, objective.batches(size: plan.batchSize, seed: seed, during: span))
      }
      guard let examples = batches?.order[place] else { break }
      try thaw(at: Double(course.step) / Double(perEpoch))
      let factor = schedule.factor(course.step)
      for group in optimizer.groups.indices { optimizer.groups[group].rate = peaks[group] * factor }
      let moment = TrainingMoment(
        step: course.step, of: stepCount, dropout: plan.dropoutRates, products: plan.products)
      let loss = try gradients(objective, examples, at: moment, epoch: epoch + 1)
      if plan.clip > 0 { try optimizer.clipGradients(plan.clip) }
      try optimizer.step()
      try optimizer.clearGradients()
      course.step += 1
      course.loss += loss * Double(examples.count)
      course.examples += examples.count
      if plan.averaging > 0, course.step > averageFrom { try average.add() }
      try progress(course.step, stepCount, loss)
      if place + 1 == perEpoch || course.step == stepCount {
        try end(epoch + 1, objective, plan.rate * factor, &course, report)
      }
      if let checkpoints, course.step < stepCount, !course.isStopped,
        course.step % plan.checkpointInterval == 0
      {
        try checkpoints.save(self, course, stepCount: stepCount)
      }
    }
    try average.apply()
    try best.restore()
    Engine.releaseFreeMemory()
    return Outcome(
      epochs: course.epochs, steps: course.step, resumedAt: start,
      stoppedEarly: course.step < stepCount)
  }

  /// Gradients of a step's examples, in as many parts as asked for; the mean loss.
  private func gradients(
    _ objective: some TrainingObjective, _ examples: [Int], at moment: TrainingMoment, epoch: Int
  ) throws -> Double {
    let step = moment.step
    var shuffler = Shuffler(seed: plan.seed ^ 0xd1b5_4a32_d192_ed03)
    var total = 0.0
    let size = (examples.count + plan.accumulation - 1) / plan.accumulation
    for (part, start) in stride(from: 0, to: examples.count, by: size).enumerated() {
      try Engine.seed(shuffler.next() &+ UInt64(step) << 16 &+ UInt64(part))
      let members = Array(examples[start..<min(start + size, examples.count)])
      var moment = moment
      moment.share = Double(members.count) / Double(examples.count)
      let value = try objective.addGradients(members, at: moment)
      guard value.isFinite else {
        throw TrainingError(
          .divergence,
          "the loss is \(value) after \(step) steps, in epoch \(epoch): training has diverged; lower "
            + "'rate' (\(plan.rate))")
      }
      total += value * moment.share
    }
    return total
  }

  private func end(
    _ number: Int, _ objective: some TrainingObjective, _ rate: Double, _ course: inout Course,
    _ report: (Epoch) -> Void
  ) throws {
    var epoch = Epoch(
      number: number, loss: course.loss / Double(max(1, course.examples)), developmentLoss: nil,
      rate: rate)
    (course.loss, course.examples) = (0, 0)
    epoch.developmentLoss = try GradientMode.disabled { try objective.developmentLoss() }
    course.epochs.append(epoch)
    report(epoch)
    if let loss = epoch.developmentLoss { course.isStopped = try best.shouldStop(after: loss) }
  }

  /// Lets those layers move whose time has come.
  private func thaw(at epochs: Double) throws {
    let moving = plan.unfreezing.map { 1 + Int(epochs / $0) } ?? .max
    let deepest = depths.compactMap { $0 }.max() ?? 0
    for (group, depth) in depths.enumerated() {
      let isMoving = depth.map { deepest - $0 < moving } ?? true
      for parameter in optimizer.groups[group].parameters
      where parameter.requiresGradient != isMoving {
        try parameter.setRequiresGradient(isMoving)
      }
    }
  }
}

extension TrainingLoop {
  /// How far a training has come: what a checkpoint holds beside tensors.
  struct Course: Codable, Equatable {
    var step = 0
    /// Sums of the epoch so far.
    var loss = 0.0
    var examples = 0
    var epochs: [Epoch] = []
    var isStopped = false
  }
}
