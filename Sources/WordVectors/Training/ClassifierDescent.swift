// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Goes through labelled lines again and again, in another order each time, and takes the steps with several threads.
///
/// Threads share the matrices on purpose. In the fast mode they write to them without waiting for each other; in the
/// deterministic one only to rows that no other thread writes to between two meetings.
final class ClassifierDescent: @unchecked Sendable {
  /// The most examples that are worked on from the same parameters in the deterministic mode.
  private static let mostExamples = 16
  /// Of those, how many at most times the learning rate: where steps are long, fewer may be summed up.
  private static let mostRate = 2.0
  /// Examples that a thread of the fast mode takes at once.
  private static let chunkSize = 16

  private let trainer: ClassifierTrainer
  private let examples: ExampleRows
  private let loss: ClassifierLoss
  private let input: ParameterStore
  private let output: ParameterStore
  private let totalTokens: Double
  private let doneTokens = Atomic(0)
  private let roundTokens = Atomic(0)
  private let toldParts = Atomic(0)
  private let hasDiverged = Atomic(false)

  init(
    _ trainer: ClassifierTrainer, _ examples: ExampleRows, _ loss: ClassifierLoss,
    input: ParameterStore, output: ParameterStore
  ) {
    self.trainer = trainer
    self.examples = examples
    self.loss = loss
    self.input = input
    self.output = output
    totalTokens = Double(trainer.arguments.epochs) * Double(max(examples.tokenCount, 1))
  }

  /// Runs all epochs.
  ///
  /// - Parameter report: Is told where the training is, on the caller's thread.
  func run(_ report: (ClassifierTrainer.Progress) -> Void) throws(WordVectorError) {
    withoutActuallyEscaping(report) { report in
      let box = Report(report)
      run(box)
      // A thread that has ended may still hold the box for a moment.
      box.call = nil
    }
    guard hasDiverged.load(ordering: .relaxed) else { return }
    throw WordVectorError(
      .argument, "training has diverged: numbers grew beyond all bounds",
      expected: "a smaller learning rate", found: "\(trainer.learningRate)",
      hint: "halve --lr until it holds")
  }

  private func run(_ report: Report) {
    var generator = SplitMix(seed: trainer.seed ^ 0x6b6f_696e_65)
    var order = Array(0..<UInt32(examples.count))
    let workers = (0..<min(trainer.threads, max(examples.count, 1))).map { _ in
      Worker(ClassifierWorker(loss, input: input, output: output))
    }
    workers[0].value.generator = generator
    for epoch in 0..<trainer.arguments.epochs {
      generator = workers[0].value.generator
      order.shuffle(using: &generator)
      workers[0].value.generator = generator
      if trainer.isDeterministic {
        runInRounds(epoch, order, workers, report)
      } else {
        runFreely(epoch, order, workers, report)
      }
      if hasDiverged.load(ordering: .relaxed) { return }
    }
  }

  /// Who is told, which only the caller's thread does.
  private final class Report: @unchecked Sendable {
    var call: ((ClassifierTrainer.Progress) -> Void)?
    init(_ call: @escaping (ClassifierTrainer.Progress) -> Void) { self.call = call }
  }

  /// A worker, which only the thread of its number uses.
  private final class Worker: @unchecked Sendable {
    let value: ClassifierWorker
    init(_ value: ClassifierWorker) { self.value = value }
  }

  private func runFreely(_ epoch: Int, _ order: [UInt32], _ workers: [Worker], _ report: Report) {
    let next = Atomic(0)
    ThreadTeam.run(workers.count) { thread in
      let worker = workers[thread].value
      if thread > 0 { worker.generator = SplitMix(seed: self.seed(epoch, thread)) }
      while !self.hasDiverged.load(ordering: .relaxed) {
        let start = next.wrappingAdd(Self.chunkSize, ordering: .relaxed).oldValue
        guard start < order.count else { return }
        for index in order[start..<min(start + Self.chunkSize, order.count)] {
          let example = self.examples.example(Int(index), worker.scratch)
          let done = self.doneTokens.wrappingAdd(example.tokenCount, ordering: .relaxed).newValue
          self.learn(example, worker, done)
        }
        if thread == 0 { self.tell(worker, report) }
      }
    }
  }

  /// Works round by round: all threads find the steps of some examples from the same parameters, meet, take them, each
  /// those of other rows and in the order of the examples, and meet again.
  private func runInRounds(_ epoch: Int, _ order: [UInt32], _ workers: [Worker], _ report: Report) {
    let threads = workers.count
    let stripes = threads == 1 ? 1 : 1 << (Int.bitWidth - (2 * threads - 1).leadingZeroBitCount)
    let size = max(1, min(Self.mostExamples, Int(Self.mostRate / trainer.learningRate)))
    let steps = (0..<size).map { _ in
      DeferredSteps(dimension: input.columns, stripes: stripes, damping: .none)
    }
    let nextExample = Atomic(0)
    let nextStripe = Atomic(0)
    let meeting = MeetingPoint(threads)
    ThreadTeam.run(threads) { thread in
      let worker = workers[thread].value
      let ordered = worker.generator
      for first in stride(from: 0, to: order.count, by: size) {
        let group = order[first..<min(first + size, order.count)]
        // It is added to between the two meetings of a round only.
        let before = self.doneTokens.load(ordering: .relaxed)
        while true {
          let place = nextExample.wrappingAdd(1, ordering: .relaxed).oldValue
          guard place < group.count else { break }
          steps[place].removeAll()
          worker.deferred = steps[place]
          worker.generator = SplitMix(seed: self.seed(epoch, first + place))
          let example = self.examples.example(
            Int(group[group.startIndex + place]), worker.scratch)
          self.learn(example, worker, before + example.tokenCount * (place + 1))
          self.roundTokens.wrappingAdd(example.tokenCount, ordering: .relaxed)
        }
        meeting.wait()
        if thread == 0 { nextExample.store(0, ordering: .relaxed) }
        let stops = self.hasDiverged.load(ordering: .relaxed)
        while !stops {
          let stripe = nextStripe.wrappingAdd(1, ordering: .relaxed).oldValue
          guard stripe < stripes else { break }
          for step in steps[..<group.count] {
            worker.touched += step.apply(stripe, self.input, self.output)
          }
        }
        if thread == 0 {
          self.doneTokens.wrappingAdd(
            self.roundTokens.exchange(0, ordering: .relaxed), ordering: .relaxed)
        }
        meeting.wait()
        if stops { break }
        if thread == 0 {
          nextStripe.store(0, ordering: .relaxed)
          self.tell(worker, report)
        }
      }
      worker.deferred = nil
      worker.generator = ordered
    }
  }

  private func learn(_ example: ExampleRows.Example, _ worker: ClassifierWorker, _ done: Int) {
    let rate = trainer.learningRate * max(0, 1 - Double(done) / totalTokens)
    if !worker.learn(example, rate: Float(rate)) { hasDiverged.store(true, ordering: .relaxed) }
  }

  /// A seed for a part of the work, the same whichever thread does it.
  private func seed(_ epoch: Int, _ place: Int) -> UInt64 {
    var mixer = SplitMix(seed: trainer.seed ^ UInt64(epoch) << 40)
    mixer = SplitMix(seed: mixer.next() ^ UInt64(place))
    return mixer.next()
  }

  /// Tells where the training is, about a hundred times.
  private func tell(_ worker: ClassifierWorker, _ report: Report) {
    let done = doneTokens.load(ordering: .relaxed)
    let share = min(1, Double(done) / totalTokens)
    guard Int(share * 100) > toldParts.load(ordering: .relaxed) else { return }
    toldParts.store(Int(share * 100), ordering: .relaxed)
    report.call?(
      ClassifierTrainer.Progress(
        share: share, tokenCount: done, learningRate: trainer.learningRate * (1 - share),
        loss: worker.meanLoss))
  }
}
