// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One thread's place to work in: finds the step of an example and takes it, or puts it off.
final class ClassifierWorker {
  private let loss: ClassifierLoss
  private let input: ParameterStore
  private let output: ParameterStore
  private let inputMatrix: DenseMatrix
  private let columns: Int
  private let hidden: FloatBuffer
  private let gradient: FloatBuffer
  /// A number for each label.
  private let scores: FloatBuffer
  let scratch = LineFeatures()
  var generator = SplitMix(seed: 0)
  /// Where steps go; nil where they are taken at once.
  var deferred: DeferredSteps?
  /// What was fetched ahead.
  var touched: Float = 0
  private var rate: Float = 0
  private var lossSum: Float = 0
  private var lossTotal = 0.0
  private var lossCount = 0

  init(_ loss: ClassifierLoss, input: ParameterStore, output: ParameterStore) {
    self.loss = loss
    self.input = input
    self.output = output
    inputMatrix = input.finished
    columns = input.columns
    hidden = FloatBuffer(count: columns)
    gradient = FloatBuffer(count: columns)
    scores = FloatBuffer(count: output.rows)
  }

  /// The mean loss of an example since it was last asked for.
  var meanLoss: Double {
    defer { (lossTotal, lossCount) = (0, 0) }
    return lossCount > 0 ? lossTotal / Double(lossCount) : 0
  }

  /// Learns from an example at a rate; false where numbers have grown beyond all bounds.
  func learn(_ example: ExampleRows.Example, rate: Float) -> Bool {
    guard !example.rows.isEmpty, !example.labels.isEmpty else { return true }
    self.rate = rate
    lossSum = 0
    let scale = 1 / Float(example.rows.count)
    inputMatrix.sum(UnsafeBufferPointer(example.rows), into: hidden.start)
    for column in 0..<columns { hidden.start[column] *= scale }
    gradient.start.update(repeating: 0, count: columns)
    tell(example.labels)
    for column in 0..<columns { gradient.start[column] *= scale }
    if let deferred {
      deferred.endAnswer(hidden.start)
      deferred.endStep(gradient.start, rows: UnsafeBufferPointer(example.rows))
    } else {
      for row in example.rows {
        VectorArithmetic.add(gradient.start, times: 1, to: input.row(Int(row)), columns)
      }
    }
    guard lossSum.isFinite else { return false }
    lossTotal += Double(lossSum)
    lossCount += 1
    return true
  }

  private func tell(_ labels: UnsafeMutableBufferPointer<Int32>) {
    if case .oneVersusAll = loss {
      for label in 0..<output.rows { logistic(label, labels.contains(Int32(label))) }
      return
    }
    let label = labels.count == 1 ? labels[0] : labels[generator.index(below: labels.count)]
    switch loss {
    case .softmax: softmax(Int(label))
    case .oneVersusAll: break
    case .tree(let paths):
      for (decision, isRight) in paths[Int(label)] { logistic(Int(decision), isRight) }
    case .negatives(let sampler, let count):
      logistic(Int(label), true)
      for _ in 0..<count {
        var negative = sampler.draw(&generator)
        while negative == label { negative = sampler.draw(&generator) }
        logistic(Int(negative), false)
      }
    }
  }

  private func softmax(_ label: Int) {
    let count = output.rows
    let scores = scores.start
    var row = 0
    while row + 4 <= count {
      let dots = RowArithmetic.dot(
        hidden.start, output.row(row), output.row(row + 1), output.row(row + 2),
        output.row(row + 3), columns)
      for offset in 0..<4 { scores[row + offset] = dots[offset] }
      row += 4
    }
    while row < count {
      scores[row] = VectorArithmetic.dot(hidden.start, output.row(row), columns)
      row += 1
    }
    var largest = -Float.infinity
    for index in 0..<count { largest = max(largest, scores[index]) }
    var total: Float = 0
    for index in 0..<count {
      scores[index] = exp(scores[index] - largest)
      total += scores[index]
    }
    let share = 1 / total
    for index in 0..<count { scores[index] *= share }
    lossSum -= log(max(scores[label], 1e-20))
    if total.isNaN { lossSum = .nan }
    for index in 0..<count { scores[index] = ((index == label ? 1 : 0) - scores[index]) * rate }
    moveAll(scores, count)
  }

  /// Moves all rows of the output, each times its scale.
  private func moveAll(_ scales: UnsafeMutablePointer<Float>, _ count: Int) {
    var row = 0
    while row + 4 <= count {
      let four = SIMD4(scales[row], scales[row + 1], scales[row + 2], scales[row + 3])
      let (a, b) = (output.row(row), output.row(row + 1))
      let (c, d) = (output.row(row + 2), output.row(row + 3))
      if let deferred {
        RowArithmetic.gather(a, b, c, d, times: four, gradient.start, columns)
        for offset in 0..<4 { deferred.addOutput(Int32(row + offset), times: four[offset]) }
      } else {
        RowArithmetic.exchange(
          a, b, c, d, times: four, hidden.start, gradient.start, columns)
      }
      row += 4
    }
    while row < count {
      move(row, times: scales[row])
      row += 1
    }
  }

  private func logistic(_ row: Int, _ isTrue: Bool) {
    let probability = sigmoid(VectorArithmetic.dot(hidden.start, output.row(row), columns))
    lossSum -= log(max(isTrue ? probability : 1 - probability, 1e-20))
    if probability.isNaN { lossSum = .nan }
    move(row, times: rate * ((isTrue ? 1 : 0) - probability))
  }

  private func move(_ row: Int, times scale: Float) {
    guard let deferred else {
      return VectorArithmetic.exchange(
        output.row(row), hidden.start, gradient.start, times: scale, columns)
    }
    VectorArithmetic.add(output.row(row), times: scale, to: gradient.start, columns)
    deferred.addOutput(Int32(row), times: scale)
  }
}
