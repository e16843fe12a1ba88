// SPDX-License-Identifier: Apache-2.0

/// Tercom's greedy search for shifts that make a translation cheaper to edit into a reference.
///
/// The limits are Tercom's: shifts of at most 10 words over at most 50, at most 1,000 tried, and a beam of 25 words around the
/// diagonal of the edit distance.
struct ShiftSearch {
  private static let shiftLimit = 10
  private static let distanceLimit = 50
  private static let candidateLimit = 1000

  private let reference: [Int]

  init(_ reference: [Int]) { self.reference = reference }

  /// The edits and shifts that words need.
  func edits(of words: [Int]) -> Int {
    guard !reference.isEmpty else { return words.count }
    var words = words
    var (shifts, tried) = (0, 0)
    while let (gain, shifted) = bestShift(of: words, &tried) {
      guard tried < Self.candidateLimit, gain > 0 else { break }
      shifts += 1
      words = shifted
    }
    return shifts + BeamEditDistance(words, reference).distance
  }

  private struct Candidate {
    var gain, length, start, target: Int
    var words: [Int]

    /// More gain first, then longer, then earlier ones.
    func isBetter(than other: Candidate) -> Bool {
      (other.gain, other.length, -other.start, -other.target) < (gain, length, -start, -target)
    }
  }

  private func bestShift(of words: [Int], _ tried: inout Int) -> (gain: Int, words: [Int])? {
    let before = BeamEditDistance(words, reference)
    let alignment = Alignment(before.trace)
    var best: Candidate?
    search: for start in words.indices {
      for goal in reference.indices where abs(goal - start) <= Self.distanceLimit {
        var length = 0
        while length < Self.shiftLimit, start + length < words.count,
          goal + length < reference.count, words[start + length] == reference[goal + length]
        {
          length += 1
          // Both sides must be wrong where they stand, and the goal outside what is moved.
          guard alignment.isWrong(words: start..<start + length),
            alignment.isWrong(reference: goal..<goal + length),
            !(start..<start + length).contains(alignment.places[goal])
          else { continue }
          var previous = -1
          for offset in -1..<length {
            let target: Int
            if goal + offset == -1 {
              target = 0
            } else if alignment.places.indices.contains(goal + offset) {
              target = alignment.places[goal + offset] + 1
            } else {
              break
            }
            guard target != previous else { continue }
            previous = target
            let shifted = Self.shift(words, start, length, to: target)
            let gain = before.distance - BeamEditDistance(shifted, reference).distance
            let candidate = Candidate(
              gain: gain, length: length, start: start, target: target, words: shifted)
            tried += 1
            if best.map(candidate.isBetter(than:)) ?? true { best = candidate }
          }
          if tried >= Self.candidateLimit { break search }
        }
      }
    }
    return best.map { ($0.gain, $0.words) }
  }

  private static func shift(_ words: [Int], _ start: Int, _ length: Int, to target: Int) -> [Int] {
    // A target within what is moved counts from behind it.
    let place = (start...start + length).contains(target) ? length + target : target
    var rest = words
    rest.removeSubrange(start..<start + length)
    let goal = place > start ? min(place - length, rest.count) : place
    rest.insert(contentsOf: words[start..<start + length], at: goal)
    return rest
  }
}

/// What stands where after edits: for each word of the reference the word that it came from, and who is wrong.
private struct Alignment {
  /// For each word of the reference, the last word up to it.
  var places: [Int] = []
  var wrongWords: [Bool] = []
  var wrongReferences: [Bool] = []

  init(_ trace: [BeamEditDistance.Edit]) {
    var word = -1
    for edit in trace {
      switch edit {
      case .keep, .substitute:
        word += 1
        places.append(word)
        wrongWords.append(edit == .substitute)
        wrongReferences.append(edit == .substitute)
      case .delete:
        word += 1
        wrongWords.append(true)
      case .insert:
        places.append(word)
        wrongReferences.append(true)
      }
    }
  }

  func isWrong(words: Range<Int>) -> Bool { wrongWords[words].contains(true) }
  func isWrong(reference: Range<Int>) -> Bool { wrongReferences[reference].contains(true) }
}
