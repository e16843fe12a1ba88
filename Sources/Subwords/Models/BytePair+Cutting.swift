// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// So many symbols are looked at before what is certain is handed on.
  static let window = 1 << 15
  /// Up to so many symbols the best pair is looked for by going through all of them.
  private static let few = 48

  /// Hands the pieces of `bytes[range]` to `sink`.
  ///
  /// Time is n log n in the window, so linear in the length; memory is bounded by the window, except
  /// for words longer than it where a tokenizer.json asks for affixes.
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout Scratch,
    into sink: inout some TokenSink
  ) {
    guard !range.isEmpty else { return }
    if settings.ignoresMerges, let id = vocabulary.id(of: bytes[range]) {
      sink.append(id, range)
      return
    }
    if hasUnused { scratch.parts.removeAll(keepingCapacity: true) }
    var output = Output(self, range)
    var start = range.lowerBound
    var limit = alphabet.hasPlaces ? Int.max : Self.window
    while start < range.upperBound {
      let end = begin(bytes, start..<range.upperBound, limit: limit, &scratch.symbols)
      if end == range.upperBound {
        merge(&scratch)
        output.append(scratch, scratch.symbols.count, bytes, start, into: &sink)
        break
      }
      let certain = mergeOpen(bytes, start..<range.upperBound, beyond: end - start, &scratch)
      guard certain > 0 else {
        limit *= 2
        continue
      }
      output.append(scratch, certain, bytes, start, into: &sink)
      start += Int(scratch.symbols[certain].start)
      limit = Self.window
    }
    output.flush(into: &sink)
  }

  /// Merges all symbols as far as they go.
  private func merge(_ scratch: inout Scratch) {
    guard scratch.symbols.count > 1 else { return }
    if scratch.symbols.count <= Self.few, !hasUnused {
      scratch.symbols.withUnsafeMutableBufferPointer { mergeFew($0) }
      return
    }
    queueAll(&scratch)
    while let candidate = scratch.heap.pop() { _ = take(candidate, &scratch) }
  }

  /// For a short list: the best of all pairs, again and again.
  private func mergeFew(_ symbols: UnsafeMutableBufferPointer<Symbol>) {
    withUnsafeTemporaryAllocation(of: MergeTable.Result.self, capacity: symbols.count) { results in
      let none = MergeTable.Result(rank: .max, symbol: -1)
      for index in 0..<symbols.count - 1 {
        results[index] = table.result(symbols[index].id, symbols[index + 1].id) ?? none
      }
      results[symbols.count - 1] = none
      while true {
        var best = 0
        var rank = Int32.max
        var index = 0
        while index >= 0 {
          if results[index].rank < rank {
            rank = results[index].rank
            best = index
          }
          index = Int(symbols[index].next)
        }
        guard rank < .max else { return }
        let right = Int(symbols[best].next)
        Self.join(symbols, best, right, results[best].symbol)
        results[best] = none
        if symbols[best].next >= 0 {
          results[best] =
            table.result(symbols[best].id, symbols[Int(symbols[best].next)].id) ?? none
        }
        if symbols[best].previous >= 0 {
          let left = Int(symbols[best].previous)
          results[left] = table.result(symbols[left].id, symbols[best].id) ?? none
        }
      }
    }
  }

  @inline(__always)
  static func join(
    _ symbols: UnsafeMutableBufferPointer<Symbol>, _ left: Int, _ right: Int, _ id: Int32
  ) {
    symbols[left].id = id
    symbols[left].length += symbols[right].length
    symbols[right].length = 0
    symbols[left].next = symbols[right].next
    if symbols[right].next >= 0 { symbols[Int(symbols[right].next)].previous = Int32(left) }
  }

  func queueAll(_ scratch: inout Scratch) {
    scratch.heap.removeAll()
    for index in 0..<scratch.symbols.count - 1 { queue(index, &scratch) }
  }

  /// Queues the symbol at `index` with the one behind it, if they can be merged.
  @inline(__always)
  func queue(_ index: Int, _ scratch: inout Scratch) {
    let left = scratch.symbols[index]
    guard left.next >= 0 else { return }
    let right = scratch.symbols[Int(left.next)].id
    guard let result = table.result(left.id, right) else { return }
    scratch.heap.push(
      Candidate(
        rank: result.rank, position: Int32(index), left: left.id, right: right,
        symbol: result.symbol))
    if hasUnused, parts.kinds[Int(result.symbol)] == .unused {
      scratch.parts[result.symbol] = (left.id, right)
    }
  }

  /// Whether the pair still stands as it was queued.
  @inline(__always)
  func isValid(_ candidate: Candidate, _ symbols: [Symbol]) -> Bool {
    let left = symbols[Int(candidate.position)]
    return left.length > 0 && left.id == candidate.left && left.next >= 0
      && symbols[Int(left.next)].id == candidate.right
  }

  /// Merges a pair if it still stands.
  @inline(__always)
  func take(_ candidate: Candidate, _ scratch: inout Scratch) -> Bool {
    guard isValid(candidate, scratch.symbols) else { return false }
    let left = Int(candidate.position)
    scratch.symbols.withUnsafeMutableBufferPointer {
      Self.join($0, left, Int($0[left].next), candidate.symbol)
    }
    // The order matters: of two ways to make an unused piece the later one is remembered.
    if scratch.symbols[left].previous >= 0 { queue(Int(scratch.symbols[left].previous), &scratch) }
    queue(left, &scratch)
    return true
  }
}
