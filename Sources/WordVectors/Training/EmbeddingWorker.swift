// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One thread's place to work in: finds the steps of lines and takes them, or puts them off.
final class EmbeddingWorker {
  /// A row of the output, and the value that its logistic should have.
  struct Target {
    var row: Int32
    var label: Float
  }

  /// Steps of which one is told the loss of: logarithms cost time.
  private static let lossInterval = 16

  let descent: EmbeddingDescent
  let vocabulary: JointVocabulary
  var generator = SplitMix(seed: 0)
  /// Where steps go; nil where they are taken at once.
  var deferred: DeferredSteps?
  let numbers: GrowingBuffer<Int32>
  private var numberCount = 0
  private var areBlocksPaired: [(end: Int, isPaired: Bool)] = []

  /// The words of a line that were not passed over.
  let line = GrowingBuffer<Int32>(capacity: 2048)
  /// Two lines that say the same.
  let pair = (PairedLine(), PairedLine())
  /// The rows of a step's vector.
  let rows = GrowingBuffer<Int32>()
  /// The words that a step tells.
  let answers = GrowingBuffer<Int32>()
  let targets = GrowingBuffer<Target>()

  private let input: ParameterStore
  private let output: ParameterStore
  private let inputMatrix: DenseMatrix
  private let columns: Int
  private let hidden: FloatBuffer
  private let gradient: FloatBuffer
  private let total: FloatBuffer
  private let curve: LogisticCurve
  private var rate: Float = 0
  private var dotSum: Float = 0
  private var stepCount = 0
  /// What was fetched ahead.
  var touched: Float = 0
  private var lossSum = 0.0
  private var lossCount = 0

  init(_ descent: EmbeddingDescent, deferred: DeferredSteps?, blocks: Int) {
    self.descent = descent
    self.deferred = deferred
    vocabulary = descent.vocabulary
    input = descent.input
    output = descent.output
    inputMatrix = input.finished
    columns = input.columns
    hidden = FloatBuffer(count: columns)
    gradient = FloatBuffer(count: columns)
    total = FloatBuffer(count: columns)
    curve = descent.curve
    numbers = GrowingBuffer(capacity: descent.blocks.largest * blocks)
  }

  /// Makes room for other blocks.
  func forgetBlocks() {
    numberCount = 0
    areBlocksPaired.removeAll(keepingCapacity: true)
  }

  /// Reads the numbers of a block beside those that were read, and says where they are.
  func read(_ block: TrainingBlocks.Block) throws(WordVectorError) -> Range<Int> {
    let source = descent.blocks.sources[Int(block.source)]
    let start = numberCount
    try source.file.read(block.numbers, into: numbers.start + start)
    numberCount += block.numbers.count
    areBlocksPaired.append((numberCount, source.isPaired))
    return start..<numberCount
  }

  /// Whether the lines from a place on come in pairs.
  func isPaired(at place: Int) -> Bool {
    areBlocksPaired.first { place < $0.end }?.isPaired ?? false
  }

  /// The mean loss of a step since it was last asked for.
  var meanLoss: Double {
    defer { (lossSum, lossCount) = (0, 0) }
    return lossCount > 0 ? lossSum / Double(lossCount) : 0
  }

  /// Works on lines of the block that was read.
  ///
  /// - Throws: `WordVectorError.Code.argument` where numbers have grown beyond all bounds.
  func work(_ range: Range<Int>, tokensBefore: Int) throws(WordVectorError) {
    var place = range.lowerBound
    var tokens = tokensBefore
    var nextUpdate = 0
    let isPaired = isPaired(at: place)
    while place < range.upperBound {
      if tokens >= nextUpdate {
        rate = Float(descent.rate(after: tokens))
        nextUpdate = tokens + descent.arguments.learningRateUpdates
      }
      let start = place
      if isPaired { learnPair(&place) } else { learnLine(&place) }
      tokens += place - start
    }
    guard dotSum.isFinite else {
      throw WordVectorError(
        .argument, "training has diverged: numbers grew beyond all bounds",
        expected: "a smaller learning rate", found: "\(descent.trainer.learningRate)",
        hint: "halve --lr until it holds")
    }
    dotSum = 0
  }

  /// Takes the steps of a vector: from the mean of `rows`, tell the `answers` one after another.
  ///
  /// Each step moves all the rows by the same, and so their mean by just that: the vector is kept up to date, and the rows
  /// are moved once, by the sum.
  func step(_ rows: UnsafeBufferPointer<Int32>) {
    guard !rows.isEmpty, answers.count > 0 else { return }
    let vector = hidden.start
    inputMatrix.sum(rows, into: vector)
    let scale = 1 / Float(rows.count)
    for column in 0..<columns { vector[column] *= scale }
    // What the vector has moved by in the end is the sum.
    total.start.update(from: vector, count: columns)
    for word in answers.elements {
      gradient.start.update(repeating: 0, count: columns)
      tell(word)
      deferred?.endAnswer(vector)
      VectorArithmetic.add(gradient.start, times: 1, to: vector, columns)
    }
    for column in 0..<columns { total.start[column] = vector[column] - total.start[column] }
    if let deferred { return deferred.endStep(total.start, rows: rows) }
    for row in rows {
      VectorArithmetic.add(total.start, times: 1, to: input.row(Int(row)), columns)
    }
  }

  @inline(__always) private func tell(_ word: Int32) {
    stepCount += 1
    let tellsLoss = stepCount % Self.lossInterval == 0
    targets.removeAll()
    let part = vocabulary.parts[Int(vocabulary.languages[Int(word)])]
    switch descent.arguments.loss {
    case .negativeSampling: drawNegatives(word, part)
    case .hierarchicalSoftmax:
      for branch in part.paths[Int(word - part.firstWord)] {
        targets.append(Target(row: branch >> 1, label: Float(branch & 1)))
      }
    case .softmax, .oneVersusAll: return tellAll(word, part, tellsLoss)
    }
    moveTargets(tellsLoss)
  }

  @inline(__always) private func drawNegatives(_ word: Int32, _ part: JointVocabulary.Part) {
    targets.append(Target(row: word, label: 1))
    guard part.negatives.hasChoice else { return }
    for _ in 0..<descent.arguments.negatives {
      var negative = part.negatives.draw(&generator)
      while negative == word { negative = part.negatives.draw(&generator) }
      targets.append(Target(row: negative, label: 0))
    }
  }

  /// Moves the rows of the targets, each by how wrong its logistic is.
  @inline(__always) private func moveTargets(_ tellsLoss: Bool) {
    let targets = targets.elements
    let vector = hidden.start
    var place = 0
    while place + 4 <= targets.count {
      let a = output.row(Int(targets[place].row))
      let b = output.row(Int(targets[place + 1].row))
      let c = output.row(Int(targets[place + 2].row))
      let d = output.row(Int(targets[place + 3].row))
      let dots = RowArithmetic.dot(vector, a, b, c, d, columns)
      dotSum += (dots.x + dots.y) + (dots.z + dots.w)
      let labels = SIMD4(
        targets[place].label, targets[place + 1].label, targets[place + 2].label,
        targets[place + 3].label)
      let values = SIMD4(curve(dots.x), curve(dots.y), curve(dots.z), curve(dots.w))
      if tellsLoss { addLoss(values, labels) }
      let scales = (labels - values) * rate
      move(targets, place, a, b, c, d, scales)
      place += 4
    }
    while place < targets.count {
      let row = output.row(Int(targets[place].row))
      let dot = VectorArithmetic.dot(vector, row, columns)
      dotSum += dot
      let value = curve(dot)
      let label = targets[place].label
      if tellsLoss { addLoss(SIMD4(value, label, label, label), SIMD4(repeating: label)) }
      move(row, targets[place].row, (label - value) * rate)
      place += 1
    }
    if tellsLoss { lossCount += 1 }
  }

  @inline(__always) private func move(
    _ targets: UnsafeMutableBufferPointer<Target>, _ place: Int, _ a: RowArithmetic.Row,
    _ b: RowArithmetic.Row, _ c: RowArithmetic.Row, _ d: RowArithmetic.Row, _ scales: SIMD4<Float>
  ) {
    guard let deferred else {
      guard a != b, a != c, a != d, b != c, b != d, c != d else {
        // Of two moves of one row, one would be lost.
        for (row, scale) in [(a, scales.x), (b, scales.y), (c, scales.z), (d, scales.w)] {
          VectorArithmetic.exchange(row, hidden.start, gradient.start, times: scale, columns)
        }
        return
      }
      return RowArithmetic.exchange(
        a, b, c, d, times: scales, hidden.start, gradient.start, columns)
    }
    RowArithmetic.gather(a, b, c, d, times: scales, gradient.start, columns)
    for index in 0..<4 {
      deferred.addOutput(targets[place + index].row, times: scales[index])
    }
  }

  @inline(__always) private func move(_ row: RowArithmetic.Row, _ index: Int32, _ scale: Float) {
    guard let deferred else {
      return VectorArithmetic.exchange(row, hidden.start, gradient.start, times: scale, columns)
    }
    VectorArithmetic.add(row, times: scale, to: gradient.start, columns)
    deferred.addOutput(index, times: scale)
  }

  @inline(never) private func addLoss(_ values: SIMD4<Float>, _ labels: SIMD4<Float>) {
    for index in 0..<4 {
      let likelihood = labels[index] > 0 ? values[index] : 1 - values[index]
      lossSum -= log(Double(max(likelihood, 1e-7)))
    }
  }

  /// Tells each word of the answer's language, right or wrong.
  private func tellAll(_ answer: Int32, _ part: JointVocabulary.Part, _ tellsLoss: Bool) {
    let isSoftmax = descent.arguments.loss == .softmax
    for word in part.words {
      let dot = VectorArithmetic.dot(hidden.start, output.row(word), columns)
      dotSum += dot
      targets.append(Target(row: Int32(word), label: isSoftmax ? dot : curve(dot)))
    }
    if isSoftmax { normalize(targets.elements) }
    let right = Int(answer - part.firstWord)
    if tellsLoss {
      lossSum -= log(Double(max(targets.elements[right].label, 1e-20)))
      lossCount += 1
    }
    for target in targets.elements {
      let label: Float = target.row == answer ? 1 : 0
      move(output.row(Int(target.row)), target.row, (label - target.label) * rate)
    }
  }

  private func normalize(_ scores: UnsafeMutableBufferPointer<Target>) {
    let largest = scores.reduce(-Float.infinity) { max($0, $1.label) }
    var total: Float = 0
    for index in scores.indices {
      scores[index].label = exp(scores[index].label - largest)
      total += scores[index].label
    }
    for index in scores.indices { scores[index].label /= total }
  }
}
