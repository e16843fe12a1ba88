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
  /// How many tokens that follow each other are hidden together in the mean, or words where ``wholeWords`` are chosen; 1, each by itself.
  ///
  /// Lengths are geometric, and none is above 10 (SpanBERT, which has a mean of 3.8; Joshi and others, 2020). A span is masked as a whole,
  /// replaced as a whole or left as it is. It ends where a special token stands or ``rate`` is used up, so that spans of short rows are
  /// shorter.
  public var meanSpanLength = 1.0

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
    guard meanSpanLength >= 1, meanSpanLength < SpanLengths.largestMean else {
      throw TrainingError(
        .plan,
        "'meanSpanLength' must be at least 1 and below \(SpanLengths.largestMean), since no span is longer than "
          + "\(SpanLengths.longest), found \(meanSpanLength)")
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
    let units = units(row, vocabulary)
    let available = units.reduce(0) { $0 + $1.count }
    guard available > 0 else { return TokenTargets(ids: row, places: [], targets: []) }
    let wanted = Double(available) * rate
    let isMore =
      Double.random(in: 0..<1, using: &generator) < wanted.truncatingRemainder(dividingBy: 1)
    let count = min(available, max(1, Int(wanted) + (isMore ? 1 : 0)))
    let spans = spans(units, count: count, using: &generator)
    let places = spans.flatMap(\.self)
    var result = TokenTargets(ids: row, places: places, targets: places.map { row[$0] })
    let parts = meanSpanLength > 1 ? spans : places.map { $0..<$0 + 1 }
    for part in parts {
      let chance = Double.random(in: 0..<1, using: &generator)
      for place in part {
        if chance < maskShare {
          result.ids[place] = vocabulary.mask
        } else if chance < maskShare + randomShare {
          result.ids[place] = vocabulary.random(using: &generator)
        }
      }
    }
    return result
  }

  /// Spans of units that follow each other, in the order of the row, of so many tokens together.
  private func spans(
    _ units: [Range<Int>], count: Int, using generator: inout some RandomNumberGenerator
  ) -> [Range<Int>] {
    let lengths = meanSpanLength > 1 ? SpanLengths(mean: meanSpanLength) : nil
    var order = Array(units.indices)
    var isHidden = [Bool](repeating: false, count: units.count)
    var spans: [Range<Int>] = []
    var (hidden, left) = (0, units.count)
    while hidden < count, left > 0 {
      let choice = Int.random(in: 0..<left, using: &generator)
      left -= 1
      order.swapAt(choice, left)
      let first = order[left]
      guard !isHidden[first] else { continue }
      var span = units[first].lowerBound..<units[first].lowerBound
      let length = lengths?.draw(using: &generator) ?? 1
      for index in first..<min(first + length, units.count) {
        let unit = units[index]
        // A word that is too long for what is left makes way for a shorter one, unless it is the first.
        guard !isHidden[index], span.upperBound == unit.lowerBound,
          hidden == 0 || hidden + unit.count <= count
        else { break }
        isHidden[index] = true
        hidden += unit.count
        span = span.lowerBound..<unit.upperBound
      }
      if !span.isEmpty { spans.append(span) }
    }
    return spans.sorted { $0.lowerBound < $1.lowerBound }
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
