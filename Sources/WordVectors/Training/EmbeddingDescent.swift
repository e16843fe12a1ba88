// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Goes through a text again and again and takes the steps, with several threads.
///
/// Threads share the matrices on purpose. In the fast mode they write to them without waiting for each other; in the
/// deterministic one only to rows that no other thread writes to between two meetings.
final class EmbeddingDescent: @unchecked Sendable {
  /// The most items that are worked on from the same parameters in the deterministic mode.
  private static let mostItems = 16

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
      let worker = EmbeddingWorker(self, deferred: nil, blocks: 1)
      while !self.isStopped.load(ordering: .relaxed) {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < order.count else { return }
        let block = self.blocks.blocks[Int(order[place])]
        self.guarded { () throws(WordVectorError) in
          let before = self.doneTokens.wrappingAdd(
            Int(block.tokenCount), ordering: .relaxed
          ).oldValue
          worker.forgetBlocks()
          let numbers = try worker.read(block)
          worker.generator = SplitMix(seed: self.seed(epoch, Int(order[place]), 0))
          try worker.work(numbers, tokensBefore: before)
          self.tell(worker)
        }
      }
    }
  }

  /// Works round by round: all threads find the steps from the same parameters, meet, take them, each those of other
  /// rows and in the order of the text, and meet again.
  ///
  /// The items of a round come from blocks that are far apart: lines beside each other have words in common, whose steps
  /// would not know of each other.
  private func runInRounds(_ epoch: Int, _ order: [UInt32]) {
    let threads = trainer.threads
    // Twice as many as threads, so that one that is held up does less; a power of two.
    let stripes = threads == 1 ? 1 : 1 << (Int.bitWidth - (2 * threads - 1).leadingZeroBitCount)
    // A short text has to be gone through in more steps of less words.
    let itemsPerRound = min(Self.mostItems, max(1, blocks.tokenCount / 10_000))
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
      let worker = EmbeddingWorker(self, deferred: items[0], blocks: itemsPerRound)
      var before = start
      for first in stride(from: 0, to: order.count, by: itemsPerRound) {
        let group = order[first..<min(first + itemsPerRound, order.count)]
        let ranges = self.items(of: group, worker)
        for round in 0..<(ranges.map(\.count).max() ?? 0) {
          while true {
            let item = nextItem.wrappingAdd(1, ordering: .relaxed).oldValue
            guard item < ranges.count else { break }
            items[item].removeAll()
            guard round < ranges[item].count else { continue }
            worker.deferred = items[item]
            worker.generator = SplitMix(
              seed: self.seed(epoch, Int(group[group.startIndex + item]), round))
            let (range, done) = ranges[item][round]
            self.guarded { () throws(WordVectorError) in
              try worker.work(range, tokensBefore: before + done * ranges.count)
            }
          }
          meeting.wait()
          if thread == 0 { nextItem.store(0, ordering: .relaxed) }
          // Nobody sets it between the two meetings, so all threads see the same.
          let stops = self.isStopped.load(ordering: .relaxed)
          while !stops {
            let stripe = nextStripe.wrappingAdd(1, ordering: .relaxed).oldValue
            guard stripe < stripes else { break }
            for item in items[..<ranges.count] {
              worker.touched += item.apply(stripe, self.input, self.output)
            }
          }
          meeting.wait()
          if stops { return }
          if thread == 0 { nextStripe.store(0, ordering: .relaxed) }
        }
        before += group.reduce(0) { $0 + Int(self.blocks.blocks[Int($1)].tokenCount) }
        if thread == 0 {
          self.doneTokens.store(before, ordering: .relaxed)
          self.tell(worker)
        }
      }
    }
  }

  /// Reads blocks and says which of their lines are worked on in which round.
  private func items(
    of group: ArraySlice<UInt32>, _ worker: EmbeddingWorker
  ) -> [[(numbers: Range<Int>, before: Int)]] {
    worker.forgetBlocks()
    return group.map { index in
      var items: [(numbers: Range<Int>, before: Int)] = []
      guarded { () throws(WordVectorError) in
        items = worker.items(try worker.read(blocks.blocks[Int(index)]))
      }
      return items
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
      guard now.timeIntervalSince(last) > trainer.reportInterval else { return false }
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
