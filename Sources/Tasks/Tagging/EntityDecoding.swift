// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Sequences of B, I and O in which every I goes on with an entity of its type.
struct EntityDecoding {
  /// For each tag that is an I, its type.
  private let insides: [[UInt8]?]
  /// For each tag that is a B or an I, its type.
  private let types: [[UInt8]?]
  /// For each tag, the B of its type.
  private let begins: [Int?]

  init(_ names: [String]) {
    let parts = names.map { Array($0.utf8) }
    func type(_ tag: [UInt8], _ letters: [UInt8]) -> [UInt8]? {
      guard let first = tag.first, letters.contains(first), tag.dropFirst().first ?? 0x2d == 0x2d
      else { return nil }
      return Array(tag.dropFirst(2))
    }
    let (b, i) = (UInt8(ascii: "B"), UInt8(ascii: "I"))
    insides = parts.map { type($0, [i]) }
    let types = parts.map { type($0, [b, i]) }
    self.types = types
    begins = insides.map { inside in
      guard let inside else { return nil }
      return parts.firstIndex { type($0, [b]) == inside }
    }
  }

  /// Whether a tag may follow another; nil is the start of a sentence.
  func allows(_ tag: Int, after previous: Int?) -> Bool {
    guard let type = insides[tag] else { return true }
    return previous.map { types[$0] == type } ?? false
  }

  /// Tags in which an I that goes on with nothing became a B; it stays where the head knows no such B.
  func repaired(_ tags: [Int]) -> [Int] {
    var previous: Int?
    return tags.map { tag in
      let kept = allows(tag, after: previous) ? tag : begins[tag] ?? tag
      previous = kept
      return kept
    }
  }

  /// The most probable sequence that is allowed; of equals the one of earlier labels.
  ///
  /// Where nothing is allowed, as with labels that are all I, each word's best.
  func bestSequence(_ probabilities: [[Float]]) -> [Int] {
    guard let first = probabilities.first else { return [] }
    let floor = -1e9
    func logarithms(_ row: [Float]) -> [Double] { row.map { log(max(Double($0), 1e-30)) } }
    var scores = logarithms(first).enumerated().map { allows($0, after: nil) ? $1 : floor }
    var sources: [[Int]] = []
    for row in probabilities.dropFirst() {
      let values = logarithms(row)
      var (next, from) = ([Double](), [Int]())
      for tag in values.indices {
        var best = 0
        var score = -Double.infinity
        for previous in scores.indices {
          let value = scores[previous] + (allows(tag, after: previous) ? 0 : floor)
          if value > score { (best, score) = (previous, value) }
        }
        next.append(score + values[tag])
        from.append(best)
      }
      scores = next
      sources.append(from)
    }
    var tag = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    var path = [tag]
    for from in sources.reversed() {
      tag = from[tag]
      path.append(tag)
    }
    return path.reversed()
  }
}
