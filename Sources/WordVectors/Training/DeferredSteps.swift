// SPDX-License-Identifier: Apache-2.0

/// Steps that were found and not yet taken, in the order of the text.
///
/// One thread fills it; then any number apply it, each other rows: those of its stripes.
final class DeferredSteps: @unchecked Sendable {
  private struct OutputMove {
    let row: Int32
    let step: Int32
    let scale: Float
  }

  private struct InputMove {
    let row: Int32
    let step: Int32
    let scale: Float
  }

  private let dimension: Int
  private let mask: UInt32
  private let damping: RoundDamping
  private let outputMoves: [GrowingBuffer<OutputMove>]
  private let inputMoves: [GrowingBuffer<InputMove>]
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
    mask = UInt32(stripes) - 1
    outputMoves = (0..<stripes).map { _ in GrowingBuffer() }
    inputMoves = (0..<stripes).map { _ in GrowingBuffer() }
  }

  func removeAll() {
    for moves in outputMoves { moves.removeAll() }
    for moves in inputMoves { moves.removeAll() }
    hidden.removeAll()
    gradients.removeAll()
    (answerCount, stepCount) = (0, 0)
  }

  /// A row of the output is to move along the vector from which an answer is being told.
  @inline(__always) func addOutput(_ row: Int32, times scale: Float) {
    let factor = damping.output.map { $0[Int(row)] } ?? 1
    outputMoves[stripe(row)].append(OutputMove(row: row, step: answerCount, scale: scale * factor))
  }

  /// Ends an answer, with the vector that it was told from.
  func endAnswer(_ vector: UnsafePointer<Float>) {
    hidden.append(contentsOf: UnsafeBufferPointer(start: vector, count: dimension))
    answerCount += 1
  }

  /// Ends the step of a vector, with what its rows are to move by.
  func endStep(_ gradient: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>) {
    for row in rows {
      let factor = damping.input.map { $0[Int(row)] } ?? 1
      inputMoves[stripe(row)].append(InputMove(row: row, step: stepCount, scale: factor))
    }
    gradients.append(contentsOf: UnsafeBufferPointer(start: gradient, count: dimension))
    stepCount += 1
  }

  /// Moves the rows of a stripe.
  ///
  /// - Returns: A number that depends on what was fetched ahead, so that fetching is not left out.
  func apply(_ stripe: Int, _ input: ParameterStore, _ output: ParameterStore) -> Float {
    var touched: Float = 0
    let moves = outputMoves[stripe].elements
    for (index, move) in moves.enumerated() {
      // Rows are all over the matrix: they are fetched while others are moved.
      if index + 6 < moves.count {
        let row = output.row(Int(moves[index + 6].row))
        touched += row[0] + row[dimension - 1]
      }
      VectorArithmetic.add(
        hidden.start + Int(move.step) * dimension, times: move.scale,
        to: output.row(Int(move.row)), dimension)
    }
    for move in inputMoves[stripe].elements {
      VectorArithmetic.add(
        gradients.start + Int(move.step) * dimension, times: move.scale,
        to: input.row(Int(move.row)), dimension)
    }
    return touched
  }

  @inline(__always) private func stripe(_ row: Int32) -> Int {
    Int(UInt32(bitPattern: row) & mask)
  }
}
