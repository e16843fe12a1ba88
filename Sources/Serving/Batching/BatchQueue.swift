// SPDX-License-Identifier: Apache-2.0

/// The rows that wait for the model, and the rule by which they form batches.
///
/// Requests take turns, one row each, in order of arrival; whoever had a turn goes to the back.
/// So a request of one row that arrives behind one of thousands is in the next batch, and a row
/// that did not fit any more is first in the batch after. Cost of a batch: its rows plus the
/// requests that wait. A value without clock or lock, so that the rule can be tested alone.
struct BatchQueue: Sendable {
  private struct Waiting {
    var id: UInt64
    var work: BatchWork
    var rows: [BatchRow]
    var next = 0
    var isFinished: Bool { next == rows.count }
  }

  /// The limits of batches and of the queue.
  let limits: BatchLimits
  /// How many rows wait.
  private(set) var rowCount = 0
  /// How many tokens wait.
  private(set) var tokenCount = 0
  private var requests: [Waiting] = []

  /// An empty queue.
  init(limits: BatchLimits) { self.limits = limits }

  /// Whether waiting longer would not make the next batch larger.
  var fillsBatch: Bool {
    rowCount >= limits.maximumRows || tokenCount >= limits.maximumTokens
  }

  /// Puts a request's rows at the back.
  ///
  /// - Throws: ``ServingError/Code/overloaded`` where they do not fit beside what already waits.
  mutating func append(
    _ rows: [BatchRow], for work: BatchWork, request id: UInt64
  ) throws(ServingError) {
    guard rows.count <= limits.maximumQueuedRows - rowCount else {
      throw ServingError(
        .overloaded,
        "\(rowCount) texts are waiting and the queue holds \(limits.maximumQueuedRows), so "
          + "\(rows.count) more cannot wait; try again later")
    }
    requests.append(Waiting(id: id, work: work, rows: rows))
    rowCount += rows.count
    tokenCount += rows.reduce(0) { $0 + $1.tokens.count }
  }

  /// Forgets the rows of a request that still wait.
  mutating func remove(request id: UInt64) {
    guard let place = requests.firstIndex(where: { $0.id == id }) else { return }
    let request = requests.remove(at: place)
    let dropped = request.rows[request.next...]
    rowCount -= dropped.count
    tokenCount -= dropped.reduce(0) { $0 + $1.tokens.count }
  }

  /// Takes the next batch, or nothing where no row waits.
  mutating func next() -> Batch? {
    guard let work = requests.first?.work else { return nil }
    var batch = Batch(work: work, entries: [], tokenCount: 0)
    var served = [Bool](repeating: false, count: requests.count)
    var turn = requests.indices.filter { requests[$0].work == work }
    while !turn.isEmpty {
      turn = turn.filter { place in
        guard take(from: place, into: &batch) else { return false }
        served[place] = true
        return !requests[place].isFinished
      }
    }
    rowCount -= batch.entries.count
    tokenCount -= batch.tokenCount
    let places = requests.indices
    requests =
      places.filter { !served[$0] }.map { requests[$0] }
      + places.filter { served[$0] && !requests[$0].isFinished }.map { requests[$0] }
    // The place in the batch breaks ties, because sort(by:) does not promise to be stable.
    batch.entries = batch.entries.enumerated().sorted { left, right in
      let (a, b) = (left.element.row.tokens.count, right.element.row.tokens.count)
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
    return batch
  }

  /// Moves a request's next row into a batch, unless the batch has no room for it.
  private mutating func take(from place: Int, into batch: inout Batch) -> Bool {
    let index = requests[place].next
    let row = requests[place].rows[index]
    let total = batch.tokenCount + row.tokens.count
    let fits = batch.entries.count < limits.maximumRows && total <= limits.maximumTokens
    guard fits || batch.entries.isEmpty else { return false }
    batch.entries.append(.init(request: requests[place].id, index: index, row: row))
    batch.tokenCount = total
    requests[place].next += 1
    return true
  }
}
