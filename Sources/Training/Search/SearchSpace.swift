// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics

/// What a search draws from: rates by their logarithm, others from lists.
///
/// What is left empty is not searched for.
public struct SearchSpace: Sendable, Equatable, Codable {
  /// Peak step sizes of what moves beside the head, from and to.
  public var rate: [Double]
  /// Peak step sizes of the head, from and to.
  public var headRate: [Double]
  /// Numbers of epochs.
  public var epochs: [Int]
  /// Examples in a step.
  public var batchSize: [Int]
  /// Dropout of states.
  public var dropout: [Double]
  /// Ranks of LoRA's changes.
  public var rank: [Int]

  /// Rates about those that suit a way to tune.
  public init(around kind: TuningChoice.Kind) {
    rate = kind == .head ? [] : [kind.standardRate / 4, kind.standardRate * 4]
    headRate = [5e-4, 2e-2]
    (epochs, batchSize, dropout, rank) = ([], [], [], [])
  }

  /// Refuses what cannot be drawn from.
  public func validate() throws(TrainingError) {
    for (name, range) in [("rate", rate), ("headRate", headRate)] where !range.isEmpty {
      guard range.count == 2, range[0] > 0, range[0] <= range[1], range[1].isFinite else {
        throw TrainingError(
          .plan, "'\(name)' of a search must be two numbers above 0, from and to, found \(range)")
      }
    }
    for (name, list) in [("epochs", epochs), ("batchSize", batchSize), ("rank", rank)] {
      guard list.allSatisfy({ $0 > 0 }) else {
        throw TrainingError(.plan, "'\(name)' of a search must be above 0, found \(list)")
      }
    }
    guard dropout.allSatisfy({ (0..<1).contains($0) }) else {
      throw TrainingError(
        .plan, "'dropout' of a search must be at least 0 and below 1, found \(dropout)")
    }
  }

  /// Plans and choices, the first of which is the one that is given.
  ///
  /// The same seed gives the same candidates.
  public func candidates(
    _ count: Int, plan: TrainingPlan, choice: TuningChoice, seed: UInt64
  ) -> [(plan: TrainingPlan, choice: TuningChoice)] {
    var result = [(plan: plan, choice: choice)]
    var generator = SeededGenerator(seed: seed, stream: 77)
    func share() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
    func drawn(_ range: [Double]) -> Double {
      exp(log(range[0]) + share() * (log(range[1]) - log(range[0])))
    }
    while result.count < count {
      var (plan, choice) = (plan, choice)
      if rate.count == 2 { plan.rate = drawn(rate) }
      if headRate.count == 2 { plan.headRate = drawn(headRate) }
      if !epochs.isEmpty { plan.epochs = epochs[generator.index(below: epochs.count)] }
      if !batchSize.isEmpty { plan.batchSize = batchSize[generator.index(below: batchSize.count)] }
      if !dropout.isEmpty { plan.dropout = dropout[generator.index(below: dropout.count)] }
      if !rank.isEmpty { choice.rank = rank[generator.index(below: rank.count)] }
      result.append((plan, choice))
    }
    return result
  }
}
