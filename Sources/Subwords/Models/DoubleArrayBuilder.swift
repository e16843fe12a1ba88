// SPDX-License-Identifier: Apache-2.0

/// Builds a ``DoubleArray`` from sorted keys.
///
/// Children of a node are placed by first fit among the free units of the last 16 blocks of 256:
/// older blocks are nearly full, and closing them keeps construction linear in practice
/// (250,000 pieces in some tens of milliseconds).
struct DoubleArrayBuilder {
  private var units = [UInt32]()
  /// Doubly linked ring of free units, and whether an offset is taken; indexed like `units`.
  private var next = [Int32]()
  private var previous = [Int32]()
  private var isFixed = [Bool]()
  private var isUsed = [Bool]()
  private var head = -1
  private static let openBlocks = 16

  /// The trie of `keys`, which must be in ascending byte order, distinct, not empty, and free of
  /// NUL bytes; the value of a key is at the same index in `values` and not negative.
  static func build(
    keys: [ArraySlice<UInt8>], values: [Int32]
  ) throws(SubwordError) -> DoubleArray {
    var builder = DoubleArrayBuilder()
    if !keys.isEmpty {
      // A list of open nodes rather than recursion: a key may be longer than the stack is deep.
      builder.open = [Node(range: 0..<keys.count, depth: 0, unit: 0)]
      while let node = builder.open.popLast() { try builder.place(keys, values, node) }
    }
    return builder.finished()
  }

  private struct Node {
    /// The keys below the node, their common length and the node's unit.
    var range: Range<Int>
    var depth: Int
    var unit: Int
  }
  private var open = [Node]()

  private mutating func place(
    _ keys: [ArraySlice<UInt8>], _ values: [Int32], _ node: Node
  ) throws(SubwordError) {
    let (range, depth, parent) = (node.range, node.depth, node.unit)
    var begin = range.lowerBound
    var labels = [UInt8]()
    var starts = [Int]()
    var value: Int32 = -1
    if keys[begin].count == depth {
      value = values[begin]
      labels.append(0)
      starts.append(begin)
      begin += 1
    }
    for index in begin..<range.upperBound {
      let key = keys[index]
      guard key.count > depth else {
        throw SubwordError(.malformed, "expected distinct keys, found one twice")
      }
      let label = key[key.startIndex + depth]
      guard label != 0 else {
        throw SubwordError(.unsupported, "expected no NUL inside a key, found one")
      }
      if label != labels.last || labels.isEmpty {
        labels.append(label)
        starts.append(index)
      }
    }
    let offset = try attach(labels, value: value, to: parent)
    for (index, label) in labels.enumerated() where label != 0 {
      let end = index + 1 < starts.count ? starts[index + 1] : range.upperBound
      open.append(Node(range: starts[index]..<end, depth: depth + 1, unit: offset ^ Int(label)))
    }
  }

  /// Places the children of `parent`, label 0 standing for a value, and returns their offset.
  mutating func attach(
    _ labels: [UInt8], value: Int32, to parent: Int
  ) throws(SubwordError) -> Int {
    let offset = freeOffset(for: labels, parent: parent)
    try setOffset(parent ^ offset, of: parent)
    for label in labels {
      let child = offset ^ Int(label)
      reserve(child)
      if label == 0 {
        units[parent] |= 1 << 8
        units[child] = UInt32(bitPattern: value) | 1 << 31
      } else {
        units[child] = UInt32(label)
      }
    }
    isUsed[offset] = true
    return offset
  }

  /// Lets `parent` have the children at `offset`, which another unit has already; false if the
  /// distance cannot be written.
  mutating func share(_ offset: Int, with parent: Int, hasValue: Bool) throws(SubwordError) -> Bool
  {
    let relative = parent ^ offset
    guard relative & 0xFF == 0 || relative & (0xFF << 21) == 0 else { return false }
    try setOffset(relative, of: parent)
    if hasValue { units[parent] |= 1 << 8 }
    return true
  }

  init() {
    reserve(0)
    isUsed[0] = true
    units[0] = 1 << 10
  }

  consuming func finished() -> DoubleArray {
    closeBlocks(from: max(0, units.count / 256 - Self.openBlocks))
    return DoubleArray(units: units)
  }

  private mutating func setOffset(_ offset: Int, of unit: Int) throws(SubwordError) {
    guard offset < 1 << 29 else {
      throw SubwordError(.unsupported, "expected fewer keys: the trie outgrows 2^29 units")
    }
    let kept = units[unit] & (1 << 31 | 1 << 8 | 0xFF)
    units[unit] =
      offset < 1 << 21 ? kept | UInt32(offset) << 10 : kept | UInt32(offset) << 2 | 1 << 9
  }

  private func freeOffset(for labels: [UInt8], parent: Int) -> Int {
    guard head >= 0 else { return units.count | (parent & 0xFF) }
    var candidate = head
    repeat {
      let offset = candidate ^ Int(labels[0])
      if fits(offset, labels, parent) { return offset }
      candidate = Int(next[candidate])
    } while candidate != head
    return units.count | (parent & 0xFF)
  }

  private func fits(_ offset: Int, _ labels: [UInt8], _ parent: Int) -> Bool {
    guard !isUsed[offset] else { return false }
    // Beyond 2^21 a relative offset keeps its high bits only.
    let relative = parent ^ offset
    guard relative & 0xFF == 0 || relative & (0xFF << 21) == 0 else { return false }
    for label in labels.dropFirst() where isFixed[offset ^ Int(label)] { return false }
    return true
  }

  private mutating func reserve(_ unit: Int) {
    while unit >= units.count { addBlock() }
    if unit == head {
      head = Int(next[unit])
      if head == unit { head = -1 }
    }
    next[Int(previous[unit])] = next[unit]
    previous[Int(next[unit])] = previous[unit]
    isFixed[unit] = true
  }

  private mutating func addBlock() {
    let start = units.count
    if start / 256 >= Self.openBlocks { closeBlock(start / 256 - Self.openBlocks) }
    units.append(contentsOf: repeatElement(0, count: 256))
    isFixed.append(contentsOf: repeatElement(false, count: 256))
    isUsed.append(contentsOf: repeatElement(false, count: 256))
    for unit in start..<start + 256 {
      next.append(Int32(unit + 1))
      previous.append(Int32(unit - 1))
    }
    let end = start + 255
    if head < 0 {
      head = start
      next[end] = Int32(start)
      previous[start] = Int32(end)
    } else {
      let tail = Int(previous[head])
      next[tail] = Int32(start)
      previous[start] = Int32(tail)
      next[end] = Int32(head)
      previous[head] = Int32(end)
    }
  }

  /// Gives every free unit of a block a label that no walk can reach it by.
  private mutating func closeBlock(_ block: Int) {
    let range = block * 256..<block * 256 + 256
    let unused = range.first { !isUsed[$0] } ?? 0
    for unit in range where !isFixed[unit] {
      reserve(unit)
      units[unit] = UInt32((unit ^ unused) & 0xFF)
    }
  }

  private mutating func closeBlocks(from first: Int) {
    for block in first..<units.count / 256 { closeBlock(block) }
  }
}
