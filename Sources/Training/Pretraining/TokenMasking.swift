// SPDX-License-Identifier: Apache-2.0

/// Which tokens of a row a model has to guess, and what stands in their place (Devlin and others, 2019).
public struct TokenMasking: Sendable, Equatable, Codable {
  /// The share of a row's tokens that are to be guessed, at least one of each row; 0.15.
  public var rate = 0.15
  /// The share of those in whose place the mask stands; 0.8.
  public var maskShare = 0.8
  /// The share of those in whose place any piece of the text stands, whereas the rest stay as they are; 0.1.
  public var randomShare = 0.1
  /// Whether the pieces of a word are chosen together; false.
  ///
  /// Stretches of more than ``longestWord`` pieces, as whole sentences in scripts that are written without spaces, are
  /// chosen from piece by piece.
  public var wholeWords = false

  /// The most pieces of what counts as one word.
  public static let longestWord = 8

  /// 15 % of tokens: 80 % of them masked, 10 % others, 10 % as they are.
  public init() {}

  /// Refuses shares that cannot be.
  ///
  /// - Throws: `TrainingError` with the setting's name, what was expected and what was found.
  public func validate() throws(TrainingError) {
    guard rate > 0, rate <= 1 else {
      throw TrainingError(.plan, "'rate' of masking must be above 0 and at most 1, found \(rate)")
    }
    guard maskShare >= 0, randomShare >= 0, maskShare + randomShare <= 1 + 1e-9 else {
      throw TrainingError(
        .plan,
        "'maskShare' and 'randomShare' must be at least 0 and together at most 1, found \(maskShare) and "
          + "\(randomShare)")
    }
  }

  /// Hides tokens of a row anew.
  ///
  /// - Parameters:
  ///   - row: the row, special tokens included, which stay.
  ///   - vocabulary: what may be hidden, and what may stand in its place.
  ///   - generator: where chance comes from.
  /// - Returns: the row as it is, without places, where it has nothing to hide.
  public func masked(
    _ row: [Int32], _ vocabulary: MaskingVocabulary,
    using generator: inout some RandomNumberGenerator
  ) -> TokenTargets {
    var units = units(row, vocabulary)
    let available = units.reduce(0) { $0 + $1.count }
    guard available > 0 else { return TokenTargets(ids: row, places: [], targets: []) }
    let wanted = Double(available) * rate
    let isMore =
      Double.random(in: 0..<1, using: &generator) < wanted.truncatingRemainder(dividingBy: 1)
    let count = min(available, max(1, Int(wanted) + (isMore ? 1 : 0)))
    var places: [Int] = []
    var left = units.count
    while places.count < count, left > 0 {
      let choice = Int.random(in: 0..<left, using: &generator)
      left -= 1
      units.swapAt(choice, left)
      // A word that is too long for what is left makes way for a shorter one, unless it is the first.
      if places.isEmpty || places.count + units[left].count <= count { places += units[left] }
    }
    places.sort()
    var result = TokenTargets(ids: row, places: places, targets: places.map { row[$0] })
    for place in places {
      let chance = Double.random(in: 0..<1, using: &generator)
      if chance < maskShare {
        result.ids[place] = vocabulary.mask
      } else if chance < maskShare + randomShare {
        result.ids[place] = vocabulary.random(using: &generator)
      }
    }
    return result
  }

  /// What is chosen together: tokens, or the tokens of words.
  private func units(_ row: [Int32], _ vocabulary: MaskingVocabulary) -> [Range<Int>] {
    var units: [Range<Int>] = []
    for (place, id) in row.enumerated() where vocabulary.mayHide(id, at: place) {
      if wholeWords, vocabulary.continuesWord(id), let last = units.last, last.upperBound == place {
        units[units.count - 1] = last.lowerBound..<place + 1
      } else {
        units.append(place..<place + 1)
      }
    }
    guard wholeWords else { return units }
    return units.flatMap { unit in
      unit.count > Self.longestWord ? unit.map { $0..<$0 + 1 } : [unit]
    }
  }
}
