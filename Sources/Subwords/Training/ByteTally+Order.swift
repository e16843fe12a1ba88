// SPDX-License-Identifier: Apache-2.0

extension ByteTally {
  /// An entry with the eight bytes by which it is being sorted.
  private struct Place: BitwiseCopyable {
    var window: UInt64
    var entry: Entry
  }

  /// The entries in the order of their bytes.
  ///
  /// They are sorted by eight bytes, and what these do not tell apart by the next eight, so that most comparisons are of
  /// two numbers that stand side by side.
  func sorted() -> [Entry] {
    let places = UnsafeMutableBufferPointer<Place>.allocate(capacity: count)
    defer { places.deallocate() }
    var number = 0
    forEach { entry in
      places.initializeElement(
        at: number, to: Place(window: ByteString.window(bytes(entry), at: 0), entry: entry))
      number += 1
    }
    var open = [(range: 0..<count, offset: 0)]
    while let (range, offset) = open.popLast() {
      var slice = UnsafeMutableBufferPointer(rebasing: places[range])
      slice.sort { $0.window < $1.window }
      var start = 0
      while start < slice.count {
        var end = start + 1
        while end < slice.count, slice[end].window == slice[start].window { end += 1 }
        if end - start > 1 {
          let run = UnsafeMutableBufferPointer(rebasing: slice[start..<end])
          let ended = separate(run, endedBy: offset + 8)
          for index in ended..<run.count {
            run[index].window = ByteString.window(bytes(run[index].entry), at: offset + 8)
          }
          if run.count - ended > 1 {
            let first = range.lowerBound + start
            open.append((first + ended..<first + run.count, offset + 8))
          }
        }
        start = end
      }
    }
    return places.map(\.entry)
  }

  /// Puts the entries that are not longer than `limit` in front, the shortest first; returns how many there are.
  ///
  /// All have the same bytes up to there but for NULs at the end, so that of two the shorter comes first.
  private func separate(_ run: UnsafeMutableBufferPointer<Place>, endedBy limit: Int) -> Int {
    var ended = 0
    for index in run.indices where bytes(run[index].entry).count <= limit {
      run.swapAt(index, ended)
      ended += 1
    }
    if ended > 1 {
      var front = UnsafeMutableBufferPointer(rebasing: run[..<ended])
      front.sort { bytes($0.entry).count < bytes($1.entry).count }
    }
    return ended
  }
}
