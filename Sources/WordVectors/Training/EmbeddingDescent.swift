// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Goes through a text again and again and takes the steps, with several threads.
///
/// Threads share the matrices on purpose. In the fast mode they write to them without waiting for each other; in the
/// deterministic one only to rows that no other thread writes to between two meetings.
final class EmbeddingDescent: @unchecked Sendable {
  /// The most items of a block that are worked on from the same parameters in the deterministic mode.
  private static let mostItems = 8

  let trainer: EmbeddingTrainer
  let arguments: ModelArguments
  let vocabulary: JointVocabulary
  let blocks: TrainingBlocks
  let input: ParameterStore
  let output: ParameterStore
  let curve = LogisticCurve()

  private let report: @Sendable (EmbeddingTrainer.Progress) -> Void
  private let lastReport = Mutex(Date.distantPast)
  private let doneTokens = Atomic(0)
  private let isStopped = Atomic(false)
  private let failure = Mutex<WordVectorError?>(nil)

  init(
    _ trainer: EmbeddingTrainer, _ arguments: ModelArguments, _ vocabulary: JointVocabulary,
    _ blocks: TrainingBlocks, input: ParameterStore, output: ParameterStore,
    report: @escaping @Sendable (EmbeddingTrainer.Progress) -> Void
  ) {
    self.trainer = trainer
    self.arguments = arguments
    self.vocabulary = vocabulary
    self.blocks = blocks
    self.input = input
    self.output = output
    self.report = report
  }

  func run() throws(WordVectorError) {
    for epoch in 0..<arguments.epochs {
      var generator = SplitMix(seed: seed(epoch, -1, 0))
      let order = Array(0..<UInt32(blocks.blocks.count)).shuffled(using: &generator)
      if trainer.isDeterministic { runInRounds(epoch, order) } else { runFreely(epoch, order) }
      if let error = failure.withLock({ $0 }) { throw error }
    }
  }

  /// A seed for a part of the work, the same whichever thread does it.
  private func seed(_ epoch: Int, _ block: Int, _ item: Int) -> UInt64 {
    var mixer = SplitMix(seed: trainer.seed)
    for part in [epoch, block, item] {
      mixer = SplitMix(seed: mixer.next() ^ UInt64(bitPattern: Int64(part)))
    }
    return mixer.next()
  }

  private func runFreely(_ epoch: Int, _ order: [UInt32]) {
    let next = Atomic(0)
    ThreadTeam.run(min(trainer.threads, order.count)) { _ in
      let worker = EmbeddingWorker(self, deferred: nil)
      while !self.isStopped.load(ordering: .relaxed) {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < order.count else { return }
        let block = self.blocks.blocks[Int(order[place])]
        self.guarded { () throws(WordVectorError) in
          let before = self.doneTokens.wrappingAdd(
            Int(block.tokenCount), ordering: .relaxed
          ).oldValue
          try worker.read(block)
          worker.generator = SplitMix(seed: self.seed(epoch, Int(order[place]), 0))
          try worker.work(0..<worker.numberCount, tokensBefore: before)
          self.tell(worker)
        }
      }
    }
  }

  /// Works round by round: all threads find the steps from the same parameters, meet, take them, each those of other
  /// rows and in the order of the text, and meet again.
  private func runInRounds(_ epoch: Int, _ order: [UInt32]) {
    let threads = trainer.threads
    // Twice as many as threads, so that one that is held up does less; a power of two.
    let stripes = threads == 1 ? 1 : 1 << (Int.bitWidth - (2 * threads - 1).leadingZeroBitCount)
    // A short text has to be gone through in more steps of less words.
    let itemsPerRound = min(Self.mostItems, max(1, blocks.tokenCount / 20_000))
    let damping = RoundDamping(
      vocabulary, arguments, roundSize: Double(itemsPerRound * EmbeddingWorker.itemSize),
      inputRows: input.rows)
    let items = (0..<itemsPerRound).map { _ in
      DeferredSteps(dimension: arguments.dimension, stripes: stripes, damping: damping)
    }
    let nextItem = Atomic(0)
    let nextStripe = Atomic(0)
    let meeting = MeetingPoint(threads)
    let start = doneTokens.load(ordering: .relaxed)
    ThreadTeam.run(threads) { thread in
      let worker = EmbeddingWorker(self, deferred: items[0])
      var before = start
      for index in order {
        let block = self.blocks.blocks[Int(index)]
        self.guarded { () throws(WordVectorError) in try worker.read(block) }
        let ranges = worker.items()
        for round in stride(from: 0, to: ranges.count, by: itemsPerRound) {
          let count = min(itemsPerRound, ranges.count - round)
          while true {
            let item = nextItem.wrappingAdd(1, ordering: .relaxed).oldValue
            guard item < count else { break }
            worker.deferred = items[item]
            items[item].removeAll()
            worker.generator = SplitMix(seed: self.seed(epoch, Int(index), round + item))
            let (range, done) = ranges[round + item]
            self.guarded { () throws(WordVectorError) in
              try worker.work(range, tokensBefore: before + done)
            }
          }
          meeting.wait()
          if thread == 0 { nextItem.store(0, ordering: .relaxed) }
          // Nobody sets it between the two meetings, so all threads see the same.
          let stops = self.isStopped.load(ordering: .relaxed)
          while !stops {
            let stripe = nextStripe.wrappingAdd(1, ordering: .relaxed).oldValue
            guard stripe < stripes else { break }
            for item in items[..<count] { item.apply(stripe, self.input, self.output) }
          }
          meeting.wait()
          if stops { return }
          if thread == 0 { nextStripe.store(0, ordering: .relaxed) }
        }
        before += Int(block.tokenCount)
        if thread == 0 {
          self.doneTokens.store(before, ordering: .relaxed)
          self.tell(worker)
        }
      }
    }
  }

  private func guarded(_ body: () throws(WordVectorError) -> Void) {
    do {
      try body()
    } catch {
      failure.withLock { $0 = $0 ?? error }
      isStopped.store(true, ordering: .relaxed)
    }
  }

  /// The learning rate after so many words.
  func rate(after tokens: Int) -> Double {
    let total = max(1, arguments.epochs * blocks.tokenCount)
    return trainer.learningRate * max(0, 1 - Double(tokens) / Double(total))
  }

  private func tell(_ worker: EmbeddingWorker) {
    let isDue = lastReport.withLock { last in
      let now = Date()
      guard now.timeIntervalSince(last) > 0.25 else { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let done = doneTokens.load(ordering: .relaxed)
    report(
      EmbeddingTrainer.Progress(
        share: Double(done) / Double(max(1, arguments.epochs * blocks.tokenCount)),
        tokenCount: done, learningRate: rate(after: done), loss: worker.meanLoss))
  }
}
