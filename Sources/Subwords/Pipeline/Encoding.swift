// SPDX-License-Identifier: Apache-2.0

/// A text as a model takes it.
///
/// Everything has one entry per token. Offsets count Unicode scalars of the text that was given.
public struct Encoding: Sendable, Equatable {
  /// Ids.
  public var ids: [Int32] = []
  /// The pieces; what stands for an unknown character is that character.
  public var pieces: [String] = []
  /// Where each token stands in its text, in Unicode scalars; empty at 0 for special tokens.
  public var offsets: [Range<Int>] = []
  /// The word that each token belongs to; nil for special tokens.
  public var wordIDs: [Int?] = []
  /// 0 or 1, as the model's template says.
  public var typeIDs: [Int32] = []
  /// 0 for padding.
  public var attentionMask: [Int32] = []
  /// 1 for tokens that stand in no text.
  public var specialMask: [Int32] = []
  /// Which of two texts a token comes from; nil for special tokens.
  public var sequenceIDs: [Int?] = []
  /// The windows that truncation cut off.
  public var overflowing: [Encoding] = []

  /// The number of tokens.
  public var count: Int { ids.count }

  mutating func append(
    id: Int32, piece: String, offsets range: Range<Int>, word: Int?, type: Int32 = 0,
    isSpecial: Bool = false, isPadding: Bool = false
  ) {
    ids.append(id)
    pieces.append(piece)
    offsets.append(range)
    wordIDs.append(word)
    typeIDs.append(type)
    attentionMask.append(isPadding ? 0 : 1)
    specialMask.append(isSpecial ? 1 : 0)
    sequenceIDs.append(nil)
  }

  func part(_ range: Range<Int>) -> Encoding {
    var part = Encoding()
    part.ids = Array(ids[range])
    part.pieces = Array(pieces[range])
    part.offsets = Array(offsets[range])
    part.wordIDs = Array(wordIDs[range])
    part.typeIDs = Array(typeIDs[range])
    part.attentionMask = Array(attentionMask[range])
    part.specialMask = Array(specialMask[range])
    part.sequenceIDs = Array(sequenceIDs[range])
    return part
  }

  /// Cuts to a length; what is cut off becomes windows that overlap by `stride` tokens.
  mutating func truncate(_ limit: Int, stride step: Int, fromLeft: Bool = false) {
    guard count > limit else { return }
    guard limit > 0 else {
      let all = self
      self = Encoding()
      overflowing = [all]
      return
    }
    let advance = limit - min(step, limit - 1)
    var ranges: [Range<Int>] = []
    if fromLeft {
      var end = count
      while true {
        ranges.append(max(0, end - limit)..<end)
        if end - limit <= 0 { break }
        end -= advance
      }
    } else {
      var start = 0
      while true {
        ranges.append(start..<min(start + limit, count))
        if start + limit >= count { break }
        start += advance
      }
    }
    let parts = ranges.map(part)
    self = parts[0]
    overflowing = Array(parts.dropFirst())
  }

  /// Puts another encoding behind this one; windows combine as the reference library combines them.
  mutating func merge(_ other: Encoding) {
    var windows: [Encoding] = []
    for window in overflowing {
      for tail in [other] + other.overflowing {
        var joined = window
        joined.merge(tail)
        windows.append(joined)
      }
    }
    for tail in other.overflowing {
      var joined = self
      joined.merge(tail)
      windows.append(joined)
    }
    ids += other.ids
    pieces += other.pieces
    offsets += other.offsets
    wordIDs += other.wordIDs
    typeIDs += other.typeIDs
    attentionMask += other.attentionMask
    specialMask += other.specialMask
    sequenceIDs += other.sequenceIDs
    overflowing = windows
  }

  mutating func pad(to length: Int, id: Int32, piece: String) {
    while count < length {
      append(id: id, piece: piece, offsets: 0..<0, word: nil, isSpecial: true, isPadding: true)
    }
    for index in overflowing.indices { overflowing[index].pad(to: length, id: id, piece: piece) }
  }
}

/// How long texts are cut.
public struct Truncation: Sendable, Equatable {
  /// Which of two texts is cut.
  public enum Strategy: String, Sendable, CaseIterable {
    /// The longer one first.
    case longestFirst = "longest_first"
    /// Only the first.
    case onlyFirst = "only_first"
    /// Only the second.
    case onlySecond = "only_second"
  }

  /// The most tokens, special ones included.
  public var maximumLength: Int
  /// Which text is cut; the longer one.
  public var strategy: Strategy
  /// How many tokens windows overlap by; 0.
  public var stride: Int
  /// Whether texts are cut at their start; no.
  public var fromLeft: Bool

  /// A limit and how it is kept.
  public init(
    maximumLength: Int, strategy: Strategy = .longestFirst, stride: Int = 0, fromLeft: Bool = false
  ) {
    self.maximumLength = maximumLength
    self.strategy = strategy
    self.stride = stride
    self.fromLeft = fromLeft
  }

  /// Cuts one text or two so that, with `added` special tokens, they fit; false when they cannot.
  func apply(_ first: inout Encoding, _ second: inout Encoding?, added: Int) -> Bool {
    let limit = max(0, maximumLength - added)
    let total = first.count + (second?.count ?? 0)
    guard total > limit else { return true }
    let excess = total - limit
    switch strategy {
    case .onlyFirst:
      guard first.count > excess else { return false }
      first.truncate(first.count - excess, stride: stride, fromLeft: fromLeft)
    case .onlySecond:
      guard let count = second?.count, count > excess else { return false }
      second?.truncate(count - excess, stride: stride, fromLeft: fromLeft)
    case .longestFirst:
      guard let count = second?.count else {
        first.truncate(limit, stride: stride, fromLeft: fromLeft)
        return true
      }
      var (short, long) = (min(first.count, count), max(first.count, count))
      long = short > limit ? short : max(short, limit - short)
      if short + long > limit {
        short = limit / 2
        long = short + limit % 2
      }
      let isSwapped = first.count > count
      first.truncate(isSwapped ? long : short, stride: stride, fromLeft: fromLeft)
      second?.truncate(isSwapped ? short : long, stride: stride, fromLeft: fromLeft)
    }
    return true
  }
}
