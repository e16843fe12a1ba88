// SPDX-License-Identifier: Apache-2.0

extension Encoding {
  /// Cuts to at most `length` tokens; what is cut off becomes overflowing windows, which share
  /// `stride` tokens with their neighbours.
  mutating func truncate(
    to length: Int, stride: Int, direction: Truncation.Direction
  ) throws(SubwordError) {
    guard length < count else { return }
    guard length > 0 else {
      overflowing = [Encoding(tokens, unit: unit)]
      tokens = []
      return
    }
    guard stride < length else {
      throw SubwordError(
        .invalidArgument,
        "expected a stride below the room for text, \(length) tokens, found \(stride)")
    }
    var windows = [Range<Int>]()
    let step = length - stride
    switch direction {
    case .right:
      var start = 0
      repeat {
        windows.append(start..<min(start + length, count))
        start += step
      } while windows.last?.upperBound != count
    case .left:
      var end = count
      repeat {
        windows.append(max(0, end - length)..<end)
        end -= step
      } while windows.last?.lowerBound != 0
    }
    overflowing = windows.dropFirst().map { Encoding(Array(tokens[$0]), unit: unit) }
    tokens = Array(tokens[windows[0]])
  }

  /// Appends `other`; every window of the one is joined with every window of the other.
  mutating func append(_ other: Encoding) {
    let whole = Encoding(other.tokens, unit: unit)
    var windows = [Encoding]()
    for window in overflowing {
      for end in [whole] + other.overflowing {
        windows.append(Encoding(window.tokens + end.tokens, unit: unit))
      }
    }
    for end in other.overflowing { windows.append(Encoding(tokens + end.tokens, unit: unit)) }
    tokens += other.tokens
    overflowing = windows
  }

  /// Fills up to `length` tokens, overflowing windows too.
  mutating func pad(to length: Int, _ padding: Padding) {
    for index in overflowing.indices { overflowing[index].pad(to: length, padding) }
    guard length > count else { return }
    let fill = Array(
      repeating: EncodedToken(
        inserted: padding.id, piece: padding.piece, typeID: padding.typeID, isAttended: false),
      count: length - count)
    tokens = padding.direction == .right ? tokens + fill : fill + tokens
  }
}

extension Truncation {
  /// Cuts one text or two so that they have at most `room` tokens together.
  func apply(
    to first: inout Encoding, _ second: inout Encoding?, room: Int
  ) throws(SubwordError) {
    let total = first.count + (second?.count ?? 0)
    guard total > room else { return }
    guard room > 0 else {
      try first.truncate(to: 0, stride: stride, direction: direction)
      try second?.truncate(to: 0, stride: stride, direction: direction)
      return
    }
    switch strategy {
    case .longestFirst:
      guard let other = second?.count else {
        try first.truncate(to: room, stride: stride, direction: direction)
        return
      }
      let (left, right) = Self.shares(first.count, other, room)
      try first.truncate(to: left, stride: stride, direction: direction)
      try second?.truncate(to: right, stride: stride, direction: direction)
    case .onlyFirst:
      try first.truncate(
        to: try remaining(first.count, total - room), stride: stride, direction: direction)
    case .onlySecond:
      guard let other = second?.count else {
        throw SubwordError(
          .invalidArgument, "expected a second text to truncate, found only one")
      }
      try second?.truncate(
        to: try remaining(other, total - room), stride: stride, direction: direction)
    }
  }

  private func remaining(_ count: Int, _ excess: Int) throws(SubwordError) -> Int {
    guard count > excess else {
      throw SubwordError(
        .invalidArgument,
        "expected more than \(excess) tokens in the text to truncate, found \(count); "
          + "raise the maximum length or use longest_first")
    }
    return count - excess
  }

  /// How many tokens each of two texts keeps, the longer one giving way first.
  private static func shares(_ first: Int, _ second: Int, _ room: Int) -> (Int, Int) {
    let shorter = min(first, second)
    var (small, large) = (shorter, shorter > room ? shorter : max(shorter, room - shorter))
    if small + large > room {
      small = room / 2
      large = small + room % 2
    }
    return first > second ? (large, small) : (small, large)
  }
}
