// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The alignments of one sentence pair under one direction's model: each target word has chosen a source word, or the empty word.
///
/// Scratch memory that is filled anew for each pair: posteriors by the forward-backward algorithm in O(J·I²) for J target and I source
/// words, scaled at each step. An empty choice remembers the place before it (Och and Ney, 2003).
struct AlignmentLattice {
  /// Source words.
  private(set) var sourceCount = 0
  /// Target words.
  private(set) var targetCount = 0
  /// The table's entry for each target word and source word, row by row.
  ///
  /// It is -1 where there is none. The empty word comes last.
  private(set) var entries: [Int] = []
  /// The posterior of each choice, `[target words × (source words + 1)]`; the empty word comes last.
  private(set) var posteriors: [Double] = []
  /// Expected counts of jumps.
  private(set) var jumps: [Double] = []

  private var emissions: [Double] = []
  private var forward: [Double] = []
  private var backward: [Double] = []
  private var chosen: [Double] = []

  /// Fills in posteriors for a pair.
  ///
  /// - Parameter transitions: ``JumpModel/matrix(_:)`` of the source's length, where the model has jumps.
  mutating func fill(
    _ model: DirectionModel, _ source: ArraySlice<Int32>, _ target: ArraySlice<Int32>,
    transitions: [Double]?
  ) {
    (sourceCount, targetCount) = (source.count, target.count)
    look(model, source, target)
    if let transitions {
      chain(model, transitions)
    } else {
      chooseAlone(model)
    }
  }

  private mutating func look(
    _ model: DirectionModel, _ source: ArraySlice<Int32>, _ target: ArraySlice<Int32>
  ) {
    let width = sourceCount + 1
    entries.removeAll(keepingCapacity: true)
    emissions.removeAll(keepingCapacity: true)
    let table = model.lexicon
    for word in target {
      for other in source {
        let entry = other < 0 || word < 0 ? nil : table.entry(Int(other), word)
        entries.append(entry ?? -1)
        emissions.append(
          entry.map { max(Double(table.values[$0]), DirectionModel.floor) }
            ?? model.unseen(other, word))
      }
      let entry = word < 0 ? nil : table.entry(table.emptyRow, word)
      entries.append(entry ?? -1)
      emissions.append(
        entry.map { max(Double(table.values[$0]), DirectionModel.floor) } ?? DirectionModel.floor)
    }
    assert(entries.count == width * targetCount, "a choice for each")
  }

  /// Choices that do not depend on each other: Model 1, or Model 2 with a preference for the diagonal.
  private mutating func chooseAlone(_ model: DirectionModel) {
    let width = sourceCount + 1
    posteriors = emissions
    for row in 0..<targetCount {
      let preference = model.preference(row, targetCount, sourceCount)
      var total = 0.0
      for place in 0..<width {
        posteriors[row * width + place] *= preference[place]
        total += posteriors[row * width + place]
      }
      for place in 0..<width {
        posteriors[row * width + place] /= max(total, .leastNormalMagnitude)
      }
    }
  }

  private mutating func chain(_ model: DirectionModel, _ transitions: [Double]) {
    let (count, width, rows) = (sourceCount, sourceCount + 1, targetCount)
    let empty = model.emptyProbability
    func clear(_ array: inout [Double], _ size: Int) {
      array.removeAll(keepingCapacity: true)
      array.append(contentsOf: repeatElement(0, count: size))
    }
    // forward[j]: the probability of remembering place m - 1 after j words. chosen[j]: of choosing place i at word j.
    clear(&forward, (rows + 1) * width)
    clear(&backward, (rows + 1) * width)
    clear(&chosen, rows * width)
    clear(&posteriors, rows * width)
    clear(&jumps, 2 * JumpModel.limit + 1)
    transitions.withUnsafeBufferPointer { steps in
      emissions.withUnsafeBufferPointer { emissions in
        forward.withUnsafeMutableBufferPointer { forward in
          backward.withUnsafeMutableBufferPointer { backward in
            chosen.withUnsafeMutableBufferPointer { chosen in
              posteriors.withUnsafeMutableBufferPointer { posteriors in
                jumps.withUnsafeMutableBufferPointer { jumps in
                  forward[0] = 1
                  for row in 0..<rows {
                    let (from, to, here) = (row * width, (row + 1) * width, row * width)
                    for memory in 0..<width where forward[from + memory] > 0 {
                      let mass = forward[from + memory] * (1 - empty)
                      for place in 0..<count {
                        chosen[here + place] += mass * steps[memory * count + place]
                      }
                    }
                    var total = 0.0
                    for place in 0..<count {
                      chosen[here + place] *= emissions[here + place]
                      total += chosen[here + place]
                    }
                    let skip = empty * emissions[here + count]
                    for memory in 0..<width {
                      forward[to + memory] = forward[from + memory] * skip
                      total += forward[to + memory]
                    }
                    let scale = 1 / max(total, .leastNormalMagnitude)
                    for memory in 0..<width { forward[to + memory] *= scale }
                    for place in 0..<count {
                      chosen[here + place] *= scale
                      forward[to + place + 1] += chosen[here + place]
                    }
                    // The step's scale is kept where the empty word's choice would stand.
                    chosen[here + count] = scale
                  }
                  for memory in 0..<width { backward[rows * width + memory] = 1 }
                  for row in stride(from: rows - 1, through: 0, by: -1) {
                    let (from, to, here) = (row * width, (row + 1) * width, row * width)
                    let scale = chosen[here + count]
                    var nothing = 0.0
                    let skip = empty * emissions[here + count] * scale
                    for memory in 0..<width {
                      nothing += forward[from + memory] * skip * backward[to + memory]
                      backward[from + memory] = skip * backward[to + memory]
                    }
                    posteriors[here + count] = nothing
                    for place in 0..<count {
                      posteriors[here + place] = chosen[here + place] * backward[to + place + 1]
                    }
                    for memory in 0..<width {
                      let mass = forward[from + memory]
                      var sum = 0.0
                      for place in 0..<count {
                        let weight =
                          steps[memory * count + place] * emissions[here + place]
                          * backward[to + place + 1]
                        sum += weight
                        jumps[JumpModel.bucket(place - memory + 1)] +=
                          mass * weight * scale * (1 - empty)
                      }
                      backward[from + memory] += sum * scale * (1 - empty)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
