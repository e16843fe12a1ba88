// SPDX-License-Identifier: Apache-2.0

/// A regular expression as instructions for ``PatternMatcher``.
struct PatternProgram: Sendable {
  enum Operation: UInt8 {
    /// One scalar of table `a`.
    case set
    /// Tries what follows at `a`, later `b`.
    case split
    /// The same if the next scalar is in table `c`, else only `b`.
    case gate
    /// Goes on at `a`.
    case jump
    /// At least `a`, at most `b` (negative: any number of) scalars of table `c`, as many as there are,
    /// given back one by one.
    case run
    /// The same, but nothing is given back.
    case hold
    /// What follows must match here (`c` 0) or must not (1); then goes on at `a`.
    case ahead
    /// The alternatives from `b` on must match just before (`c` 0) or must not (1); then goes on at `a`.
    case behind
    /// A scalar count `a` and where that alternative's instructions begin, `b`; `c` 1 for the last.
    case width
    /// What follows matches in its first way only; then goes on at `a`.
    case atomic
    /// The place `a`.
    case place
    /// Done.
    case match
  }

  struct Instruction: BitwiseCopyable, Sendable {
    var operation: Operation
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
  }

  let instructions: FixedArray<Instruction>
  let tables: ScalarTables
  /// The table of what a match can begin with; nil if a match may be empty.
  let firsts: Int?
}

extension PatternProgram {
  init(_ node: PatternNode) throws(SubwordError) {
    var compiler = Compiler()
    try compiler.emit(node)
    compiler.instructions.append(Instruction(operation: .match))
    firsts = node.isNullable ? nil : compiler.table(node.firsts)
    instructions = FixedArray(compiler.instructions)
    tables = ScalarTables(compiler.sets)
  }

  private struct Compiler {
    var instructions: [Instruction] = []
    var sets: [ScalarSet] = []

    mutating func table(_ set: ScalarSet) -> Int {
      if let index = sets.firstIndex(of: set) { return index }
      sets.append(set)
      return sets.count - 1
    }

    var here: Int32 { Int32(instructions.count) }

    mutating func add(
      _ operation: Operation, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0
    ) throws(SubwordError) {
      guard instructions.count < 20_000, sets.count < 1000 else {
        throw SubwordError(
          .unsupported, "expected a regular expression of at most 20000 steps, found a longer one")
      }
      instructions.append(Instruction(operation: operation, a: a, b: b, c: c))
    }

    mutating func emit(_ node: PatternNode) throws(SubwordError) {
      switch node {
      case .empty: break
      case .set(let set): try add(.set, Int32(table(set)))
      case .sequence(let parts): for part in parts { try emit(part) }
      case .alternatives(let parts): try alternatives(parts)
      case .repeated(let body, let least, let most, let greed):
        try repeated(body, least, most, greed)
      case .ahead(let body, let isNegative):
        try enclosed(.ahead, body, isNegative ? 1 : 0)
      case .behind(let body, let isNegative): try behind(body, isNegative)
      case .atomic(let body): try enclosed(.atomic, body, 0)
      case .place(let place): try add(.place, place.code)
      }
    }

    private mutating func enclosed(
      _ operation: Operation, _ body: PatternNode, _ flag: Int32
    ) throws(SubwordError) {
      let start = instructions.count
      try add(operation, 0, 0, flag)
      try emit(body)
      try add(.match)
      instructions[start].a = here
    }

    private mutating func behind(_ body: PatternNode, _ isNegative: Bool) throws(SubwordError) {
      let parts = if case .alternatives(let parts) = body { parts } else { [body] }
      let start = instructions.count
      try add(.behind, 0, 0, isNegative ? 1 : 0)
      let widths = instructions.count
      for (index, part) in parts.enumerated() {
        try add(.width, Int32(part.width ?? 0), 0, index == parts.count - 1 ? 1 : 0)
      }
      for (index, part) in parts.enumerated() {
        instructions[widths + index].b = here
        try emit(part)
        try add(.match)
      }
      instructions[start].b = Int32(widths)
      instructions[start].a = here
    }

    private mutating func alternatives(_ parts: [PatternNode]) throws(SubwordError) {
      var ends = [Int]()
      for (index, part) in parts.enumerated() {
        guard index < parts.count - 1 else {
          try emit(part)
          break
        }
        let gate = instructions.count
        if part.isNullable {
          try add(.split, here + 1)
        } else {
          try add(.gate, here + 1, 0, Int32(table(part.firsts)))
        }
        try emit(part)
        ends.append(instructions.count)
        try add(.jump)
        instructions[gate].b = here
      }
      for end in ends { instructions[end].a = here }
    }

    private mutating func repeated(
      _ body: PatternNode, _ least: Int, _ most: Int?, _ greed: PatternNode.Greed
    ) throws(SubwordError) {
      if case .set(let set) = body, greed != .lazy {
        try add(
          greed == .greedy ? .run : .hold, Int32(least), most.map(Int32.init) ?? -1,
          Int32(table(set)))
        return
      }
      if greed == .possessive {
        try emit(.atomic(.repeated(body, least: least, most: most, .greedy)))
        return
      }
      for _ in 0..<least { try emit(body) }
      guard let most else {
        let loop = instructions.count
        try add(.split)
        try emit(body)
        try add(.jump, Int32(loop))
        branch(loop, isLazy: greed == .lazy)
        return
      }
      var splits = [Int]()
      for _ in least..<most {
        splits.append(instructions.count)
        try add(.split)
        try emit(body)
      }
      for split in splits { branch(split, isLazy: greed == .lazy) }
    }

    private mutating func branch(_ split: Int, isLazy: Bool) {
      let inside = Int32(split + 1)
      instructions[split].a = isLazy ? here : inside
      instructions[split].b = isLazy ? inside : here
    }
  }
}

extension PatternNode.Place {
  private static let order: [PatternNode.Place] = [
    .lineStart, .lineEnd, .textStart, .textEnd, .textEndOrLastNewline, .searchStart,
    .wordBoundary, .noWordBoundary,
  ]

  var code: Int32 { Int32(Self.order.firstIndex(of: self) ?? 0) }

  init(code: Int32) { self = Self.order[Int(code)] }
}
