// SPDX-License-Identifier: Apache-2.0

/// Runs a ``PatternProgram`` by backtracking.
///
/// A search that takes many steps begins to note which states have failed and does not enter them
/// again, so that time stays linear in the text for each start, whatever the expression
/// (nothing is captured, so a state is an instruction and a position).
struct PatternMatcher {
  private struct Retry {
    var instruction: Int32
    var position: Int
    /// Scalars may be given back down to here; negative if there is nothing to give back.
    var floor: Int
  }

  private let program: PatternProgram
  private let bytes: UnsafeBufferPointer<UInt8>
  private let range: Range<Int>
  private var stack: [Retry] = []
  private var searchStart = 0

  init(_ program: PatternProgram, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.program = program
    self.bytes = bytes
    self.range = range
  }

  /// The first match that begins at `start` or later.
  mutating func search(from start: Int) -> Range<Int>? {
    var start = start
    searchStart = start
    while start <= range.upperBound {
      if let table = program.firsts {
        while start < range.upperBound,
          program.tables.length(bytes, at: start, before: range.upperBound, table: table) == 0
        {
          start += UTF8Scalar.length(leading: bytes[start])
        }
        guard start < range.upperBound else { return nil }
      }
      if let end = match(at: start, 0) { return start..<end }
      guard start < range.upperBound else { return nil }
      start += UTF8Scalar.length(leading: bytes[start])
    }
    return nil
  }

  private static let patience = 4096

  /// Where the match at `start` ends that the instructions from `first` on prefer.
  private mutating func match(at start: Int, _ first: Int) -> Int? {
    let base = stack.count
    defer { stack.removeLast(stack.count - base) }
    let end = range.upperBound
    let tables = program.tables
    let instructions = program.instructions
    var index = first
    var position = start
    var steps = 0
    var failed = Set<UInt64>()
    while true {
      let instruction = instructions[index]
      var isAlive = true
      switch instruction.operation {
      case .match: return position
      case .set:
        let length = tables.length(bytes, at: position, before: end, table: Int(instruction.a))
        position += length
        index += 1
        isAlive = length > 0
      case .jump: index = Int(instruction.a)
      case .gate:
        if tables.length(bytes, at: position, before: end, table: Int(instruction.c)) == 0 {
          index = Int(instruction.b)
        } else {
          stack.append(Retry(instruction: instruction.b, position: position, floor: -1))
          index = Int(instruction.a)
        }
      case .split:
        steps += 1
        if steps > Self.patience { isAlive = failed.insert(key(index, position)).inserted }
        if isAlive {
          stack.append(Retry(instruction: instruction.b, position: position, floor: -1))
          index = Int(instruction.a)
        }
      case .run, .hold:
        steps += 1
        if steps > Self.patience { isAlive = failed.insert(key(index, position)).inserted }
        if isAlive { isAlive = run(instruction, at: &position, index + 1) }
        index += 1
      case .place:
        isAlive = holds(PatternNode.Place(code: instruction.a), position)
        index += 1
      case .ahead:
        isAlive = (match(at: position, index + 1) != nil) == (instruction.c == 0)
        index = Int(instruction.a)
      case .behind:
        isAlive = matchesBehind(position, Int(instruction.b)) == (instruction.c == 0)
        index = Int(instruction.a)
      case .atomic:
        if let reached = match(at: position, index + 1) {
          position = reached
          index = Int(instruction.a)
        } else {
          isAlive = false
        }
      case .width: isAlive = false
      }
      while !isAlive {
        guard stack.count > base, let retry = popRetry() else { return nil }
        steps += 1
        index = Int(retry.instruction)
        position = retry.position
        isAlive = steps <= Self.patience || failed.insert(key(index, position) | 1 << 63).inserted
      }
    }
  }

  @inline(__always)
  private func key(_ instruction: Int, _ position: Int) -> UInt64 {
    UInt64(instruction) << 40 | UInt64(position)
  }

  @inline(__always)
  private mutating func popRetry() -> Retry? {
    guard var retry = stack.popLast() else { return nil }
    if retry.floor >= 0 {
      retry.position -= 1
      while bytes[retry.position] & 0xC0 == 0x80 { retry.position -= 1 }
      if retry.position > retry.floor { stack.append(retry) }
    }
    return retry
  }

  @inline(__always)
  private mutating func run(
    _ instruction: PatternProgram.Instruction, at position: inout Int, _ next: Int
  ) -> Bool {
    let table = Int(instruction.c)
    let end = range.upperBound
    var floor = instruction.a == 0 ? position : -1
    if instruction.b < 0, instruction.a <= 1 {
      let length = program.tables.length(bytes, at: position, before: end, table: table)
      guard length > 0 else { return instruction.a == 0 }
      position += length
      if floor < 0 { floor = position }
      while true {
        let length = program.tables.length(bytes, at: position, before: end, table: table)
        guard length > 0 else { break }
        position += length
      }
    } else {
      var count: Int32 = 0
      while count != instruction.b {
        let length = program.tables.length(bytes, at: position, before: end, table: table)
        guard length > 0 else { break }
        position += length
        count += 1
        if count == instruction.a { floor = position }
      }
      guard count >= instruction.a else { return false }
    }
    if instruction.operation == .run, position > floor {
      stack.append(Retry(instruction: Int32(next), position: position, floor: floor))
    }
    return true
  }

  private mutating func matchesBehind(_ position: Int, _ first: Int) -> Bool {
    var index = first
    while true {
      let width = program.instructions[index]
      var start = position
      var count = width.a
      while count > 0, start > range.lowerBound {
        start -= 1
        while start > range.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        count -= 1
      }
      if count == 0, match(at: start, Int(width.b)) == position { return true }
      guard width.c == 0 else { return false }
      index += 1
    }
  }

  private func holds(_ place: PatternNode.Place, _ position: Int) -> Bool {
    switch place {
    case .textStart: position == range.lowerBound
    case .textEnd: position == range.upperBound
    case .searchStart: position == searchStart
    case .lineStart:
      // A line feed at the very end starts no line.
      position == range.lowerBound
        || bytes[position - 1] == 0x0A && position < range.upperBound
    case .lineEnd: position == range.upperBound || bytes[position] == 0x0A
    case .textEndOrLastNewline:
      position == range.upperBound
        || position == range.upperBound - 1 && bytes[position] == 0x0A
    case .wordBoundary: isWord(before: position) != isWord(at: position)
    case .noWordBoundary: isWord(before: position) == isWord(at: position)
    }
  }

  private func isWord(at position: Int) -> Bool {
    guard position < range.upperBound else { return false }
    return WordScalars.contains(UTF8Scalar.decode(bytes, at: position).0)
  }

  private func isWord(before position: Int) -> Bool {
    guard position > range.lowerBound else { return false }
    var start = position - 1
    while start > range.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return isWord(at: start)
  }
}

/// The scalars of `\w`, for boundaries of words.
private enum WordScalars {
  private static let table = ScalarTables([UnicodeProperties.word])

  static func contains(_ scalar: UInt32) -> Bool { table.contains(scalar, table: 0) }
}
