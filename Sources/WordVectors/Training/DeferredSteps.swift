// SPDX-License-Identifier: Apache-2.0

/// Steps that were found and not yet taken, in the order of the text.
///
/// One thread fills it; then any number apply it, each other rows: those of its stripes.
final class DeferredSteps: @unchecked Sendable {
  /// How far ahead of the row that is moved rows are fetched.
  private static let distance = 6

  private let dimension: Int
  private let stripes: Int
  private let damping: RoundDamping
  private let outputMoves: UnsafeMutablePointer<MoveList>
  private let inputMoves: UnsafeMutablePointer<MoveList>
  /// What moves the output's rows, a vector for each step.
  private let hidden = GrowingBuffer<Float>()
  /// What moves the input's rows.
  private let gradients = GrowingBuffer<Float>()
  private var answerCount: Int32 = 0
  private var stepCount: Int32 = 0

  /// - Parameter stripes: A power of two.
  init(dimension: Int, stripes: Int, damping: RoundDamping) {
    self.damping = damping
    self.dimension = dimension
    self.stripes = stripes
    outputMoves = .allocate(capacity: stripes)
    inputMoves = .allocate(capacity: stripes)
    for stripe in 0..<stripes {
      (outputMoves + stripe).initialize(to: MoveList())
      (inputMoves + stripe).initialize(to: MoveList())
    }
  }

  deinit {
    for lists in [outputMoves, inputMoves] {
      for stripe in 0..<stripes { lists[stripe].free() }
      lists.deallocate()
    }
  }

  func removeAll() {
    for stripe in 0..<stripes { (outputMoves[stripe].count, inputMoves[stripe].count) = (0, 0) }
    hidden.removeAll()
    gradients.removeAll()
    (answerCount, stepCount) = (0, 0)
  }

  /// A row of the output is to move along the vector from which an answer is being told.
  @inline(__always) func addOutput(_ row: Int32, times scale: Float) {
    outputMoves[stripe(row)].append(
      Move(row: row, step: answerCount, scale: scale * damping.outputFactor(row)))
  }

  /// Ends an answer, with the vector that it was told from.
  @inline(__always) func endAnswer(_ vector: UnsafePointer<Float>) {
    hidden.append(contentsOf: UnsafeBufferPointer(start: vector, count: dimension))
    answerCount += 1
  }

  /// Ends the step of a vector, with what its rows are to move by.
  func endStep(_ gradient: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>) {
    for row in rows {
      inputMoves[stripe(row)].append(
        Move(row: row, step: stepCount, scale: damping.inputFactor(row)))
    }
    gradients.append(contentsOf: UnsafeBufferPointer(start: gradient, count: dimension))
    stepCount += 1
  }

  /// Moves the rows of a stripe.
  ///
  /// - Returns: A number that depends on what was fetched ahead, so that fetching is not left out.
  func apply(_ stripe: Int, _ input: ParameterStore, _ output: ParameterStore) -> Float {
    apply(outputMoves[stripe], hidden.start, output)
      + apply(inputMoves[stripe], gradients.start, input)
  }

  @inline(__always) private func apply(
    _ moves: MoveList, _ vectors: UnsafeMutablePointer<Float>, _ store: ParameterStore
  ) -> Float {
    var touched: Float = 0
    for index in 0..<moves.count {
      // Rows are all over the matrix: they are fetched while others are moved.
      if index + Self.distance < moves.count {
        let row = store.row(Int(moves.start[index + Self.distance].row))
        touched += row[0] + row[dimension / 2] + row[dimension - 1]
      }
      let move = moves.start[index]
      VectorArithmetic.add(
        vectors + Int(move.step) * dimension, times: move.scale, to: store.row(Int(move.row)),
        dimension)
    }
    return touched
  }

  @inline(__always) private func stripe(_ row: Int32) -> Int { Int(row) & (stripes - 1) }
}

/// A row that is to move along the vector of a step.
private struct Move {
  let row: Int32
  let step: Int32
  let scale: Float
}

/// Moves in memory of their own: what is appended to in the innermost loop is no object, so that nothing is counted.
private struct MoveList {
  private(set) var start: UnsafeMutablePointer<Move>
  var count = 0
  private var capacity = 256

  init() { start = .allocate(capacity: capacity) }

  @inline(__always) mutating func append(_ move: Move) {
    if count == capacity { grow() }
    start[count] = move
    count += 1
  }

  func free() { start.deallocate() }

  private mutating func grow() {
    capacity *= 2
    let larger = UnsafeMutablePointer<Move>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }
}
