// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// Hands pieces of `bytes[range]` to `sink`, made by merges of which each is passed over with a probability.
  ///
  /// In SentencePiece's manner a pair that is passed over is not tried again as long as both its sides stay. In
  /// tokenizer.json's it is tried again as soon as something else was not passed over, so that a merge is put off more
  /// than given up; a word that is a piece is merged like any other. Beyond ``window`` symbols no merge
  /// reaches from one window to the next.
  func sample(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, dropout: Double,
    _ scratch: inout Scratch, using generator: inout some RandomNumberGenerator,
    into sink: inout some TokenSink
  ) {
    guard dropout > 0 else { return cut(bytes, range, &scratch, into: &sink) }
    if hasUnused { scratch.parts.removeAll(keepingCapacity: true) }
    var output = Output(self, range)
    var start = range.lowerBound
    while start < range.upperBound {
      let end = begin(
        bytes, start..<range.upperBound, limit: alphabet.hasPlaces ? .max : Self.window,
        &scratch.symbols)
      if dropout < 1, scratch.symbols.count > 1 {
        queueAll(&scratch)
        if isSentencePiece {
          mergeOnce(dropout, &scratch, using: &generator)
        } else {
          mergeAgain(dropout, &scratch, using: &generator)
        }
      }
      output.append(scratch, scratch.symbols.count, bytes, start, into: &sink)
      start = end
    }
    output.flush(into: &sink)
  }

  private func mergeOnce(
    _ dropout: Double, _ scratch: inout Scratch, using generator: inout some RandomNumberGenerator
  ) {
    while let candidate = scratch.heap.pop() {
      guard isValid(candidate, scratch.symbols), generator.unit() >= dropout else { continue }
      _ = take(candidate, &scratch)
    }
  }

  private func mergeAgain(
    _ dropout: Double, _ scratch: inout Scratch, using generator: inout some RandomNumberGenerator
  ) {
    var passed: [Candidate] = []
    while let candidate = scratch.heap.pop() {
      // The reference draws for pairs that no longer stand, too.
      guard generator.unit() >= dropout else {
        passed.append(candidate)
        continue
      }
      for other in passed { scratch.heap.push(other) }
      passed.removeAll(keepingCapacity: true)
      let position = Int(candidate.position)
      let left = scratch.symbols[position]
      // What counts there is what the pair becomes, by whichever sides.
      guard left.length > 0, left.next >= 0,
        table.result(left.id, scratch.symbols[Int(left.next)].id)?.symbol == candidate.symbol
      else { continue }
      scratch.symbols.withUnsafeMutableBufferPointer {
        Self.join($0, position, Int(left.next), candidate.symbol)
      }
      if left.previous >= 0 { queue(Int(left.previous), &scratch) }
      queue(position, &scratch)
    }
  }
}
