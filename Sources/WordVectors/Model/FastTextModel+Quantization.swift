// SPDX-License-Identifier: Apache-2.0

extension FastTextModel {
  /// A smaller model that tells nearly the same: rows become codes, and only the longest rows are kept.
  ///
  /// Joulin et al.: FastText.zip: compressing text classification models (2016).
  ///
  /// - Parameters:
  ///   - keptRows: How many words and n-grams to keep, those with the longest rows (`-cutoff`); nil keeps all.
  ///   - partSize: Numbers that share a code (`-dsub`); 2.
  ///   - separatesLengths: Whether rows' lengths have codes of their own (`-qnorm`); true.
  ///   - quantizesOutput: Whether the output becomes codes too (`-qout`); false.
  ///   - seed: Seeds the choice of rows that codes are learnt from; 1.
  /// - Throws: `WordVectorError.Code.unsupported` where the model is quantised already or is no classifier, `.data`
  ///   where it has fewer than 256 rows, or fewer than 256 labels and its output is to be quantised.
  public func quantized(
    keptRows: Int? = nil, partSize: Int = 2, separatesLengths: Bool = true,
    quantizesOutput: Bool = false, seed: UInt64 = 1
  ) throws(WordVectorError) -> FastTextModel {
    let model =
      try keptRows.map { rows throws(WordVectorError) in
        try pruned(keeping: rows)
      } ?? self
    guard case .dense(let matrix) = model.input, case .dense(let outputs) = model.output,
      arguments.task == .supervised
    else { throw Self.notQuantizable }
    guard partSize >= 1, partSize <= arguments.dimension else {
      throw WordVectorError(
        .argument, "the size of a part is out of its range",
        expected: "1 to \(arguments.dimension)", found: "\(partSize)")
    }
    for (what, count) in [("rows", matrix.rows), ("labels", outputs.rows)] {
      guard count < ProductQuantizer.centroidCount, what == "rows" || quantizesOutput else {
        continue
      }
      throw WordVectorError(
        .data, "the model is too small to be quantised",
        expected: "at least \(ProductQuantizer.centroidCount) \(what)", found: "\(count)")
    }
    func quantized(_ matrix: DenseMatrix, _ partSize: Int) -> ParameterMatrix {
      .quantized(
        QuantizedMatrix(
          quantizing: matrix, partSize: partSize, separatesLengths: separatesLengths, seed: seed))
    }
    // The output's parts are of two numbers, as in fastText.
    return FastTextModel(
      arguments, model.dictionary, input: quantized(matrix, partSize),
      output: quantizesOutput ? quantized(outputs, min(2, arguments.dimension)) : model.output)
  }

  /// The model with the longest rows only, so many words and n-grams; not quantised yet, it can be trained further.
  ///
  /// - Throws: `WordVectorError.Code.unsupported` where the model is quantised or is no classifier.
  public func pruned(keeping count: Int) throws(WordVectorError) -> FastTextModel {
    guard case .dense(let matrix) = input, arguments.task == .supervised else {
      throw Self.notQuantizable
    }
    guard count < matrix.rows else { return self }
    let rows = longest(count, in: matrix)
    return FastTextModel(
      arguments, dictionary.keeping(rows: rows), input: .dense(matrix.copy(ofRows: rows)),
      output: output)
  }

  private static var notQuantizable: WordVectorError {
    WordVectorError(
      .unsupported, "the model cannot be quantised", expected: "a classifier that is not yet")
  }

  /// The longest rows, in their order; that of `</s>` is always among them.
  private func longest(_ count: Int, in matrix: DenseMatrix) -> [Int] {
    let lengths = (0..<matrix.rows).map { row in
      let start = matrix.row(row)
      return (0..<matrix.columns).reduce(Float(0)) { sum, column in
        let number = start.loadUnaligned(fromByteOffset: column * 4, as: Float.self)
        return sum + number * number
      }
    }
    let ending = dictionary.index(of: WordDictionary.endOfLine) ?? -1
    let sorted = (0..<matrix.rows).sorted { left, right in
      if left == ending || right == ending { return left == ending }
      return (-lengths[left], left) < (-lengths[right], right)
    }
    return sorted.prefix(max(count, 1)).sorted()
  }
}

extension WordDictionary {
  /// The dictionary of some rows of the input matrix, given in order: words that are among them, and the
  /// n-grams.
  func keeping(rows: [Int]) -> WordDictionary {
    let words = rows.filter { $0 < wordCount }
    let nGrams = rows.filter { $0 >= wordCount }
    let entries = words + Array(wordCount..<wordCount + labelCount)
    var text: [UInt8] = []
    var starts = [0]
    for index in entries {
      text += bytes(index)
      starts.append(text.count)
    }
    return WordDictionary(
      text: text, starts: starts, counts: entries.map { counts[$0] }, wordCount: words.count,
      tokenCount: tokenCount,
      pruned: PrunedRows(
        nGrams.enumerated().map { (bucket: Int32($1 - wordCount), row: Int32($0)) }))
  }
}

extension QuantizedMatrix {
  /// Codes for rows of a matrix and, apart where it is asked for, for their lengths.
  init(quantizing matrix: DenseMatrix, partSize: Int, separatesLengths: Bool, seed: UInt64) {
    let count = matrix.rows
    let columns = matrix.columns
    let directions = FloatBuffer(count: count * columns)
    let lengths = FloatBuffer(count: count)
    for place in 0..<count {
      let source = matrix.row(place)
      let target = directions.start + place * columns
      var square: Float = 0
      for column in 0..<columns {
        target[column] = source.loadUnaligned(fromByteOffset: column * 4, as: Float.self)
        square += target[column] * target[column]
      }
      let length = square.squareRoot()
      lengths.start[place] = length
      guard separatesLengths, length > 0 else { continue }
      for column in 0..<columns { target[column] /= length }
    }
    var quantizer = ProductQuantizer(dimension: columns, partSize: partSize)
    quantizer.train(on: directions.start, count: count, seed: seed)
    var lengthQuantizer = ProductQuantizer(dimension: 1, partSize: 1)
    if separatesLengths {
      lengthQuantizer.train(on: lengths.start, count: count, seed: seed)
    }
    var codes: [UInt8] = []
    var lengthCodes: [UInt8] = []
    codes.reserveCapacity(count * quantizer.partCount)
    for place in 0..<count {
      quantizer.appendCodes(of: directions.start + place * columns, to: &codes)
      guard separatesLengths else { continue }
      lengthQuantizer.appendCodes(of: lengths.start + place, to: &lengthCodes)
    }
    self.init(
      rows: count, codes: codes, quantizer: quantizer,
      norms: separatesLengths ? (lengthCodes, lengthQuantizer) : nil)
  }
}
