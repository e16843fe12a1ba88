// SPDX-License-Identifier: Apache-2.0

extension FastTextModel {
  /// Numbers in a vector.
  public var dimension: Int { arguments.dimension }

  /// The vector of a word: the mean of its row, where it is known, and those of its n-grams; all 0 where it
  /// has none of them.
  public func vector(ofWord word: String) -> [Float] {
    let rows = GrowingBuffer<Int32>()
    var word = word
    word.withUTF8 { features.extract(word: $0, rows) }
    return mean(rows)
  }

  /// The parts of a word that have rows, the word itself first where it is known, and their rows in the
  /// input matrix.
  public func subwords(of word: String) -> [(text: String, row: Int)] {
    var parts: [(text: String, row: Int)] = []
    if let index = dictionary.index(of: word) { parts.append((word, index)) }
    let bytes = Array(word.utf8)
    guard !bytes.elementsEqual(WordDictionary.endOfLine.utf8) else { return parts }
    return parts
      + features.nGrams(of: bytes).map {
        (String(decoding: $0, as: UTF8.self), features.row(ofNGram: $0))
      }
  }

  /// The row of an n-gram in the input matrix; nil where it has none.
  public func row(ofNGram nGram: String) -> Int? {
    let row = features.row(ofNGram: nGram.utf8)
    return row < 0 ? nil : row
  }

  /// The vector of a sentence.
  ///
  /// For a classifier, the mean of all rows of the line: what the labels are told from. Else the mean of the
  /// words' vectors, each divided by its length, those of length 0 left out.
  public func vector(ofSentence sentence: String) -> [Float] {
    var sentence = sentence
    guard arguments.task != .supervised else {
      let scratch = LineFeatures()
      sentence.withUTF8 { features.extract($0, scratch) }
      return mean(scratch.rows)
    }
    var sum = [Float](repeating: 0, count: dimension)
    var count = 0
    let rows = GrowingBuffer<Int32>()
    // White space of C's locale: here the zero byte is a part of a word.
    for word in sentence.utf8.split(whereSeparator: { $0 == 0x20 || (0x09...0x0d).contains($0) }) {
      Array(word).withUnsafeBufferPointer { features.extract(word: $0, rows) }
      let vector = mean(rows)
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      let scale = Float(1 / Double(length))
      for index in vector.indices { sum[index] += vector[index] * scale }
      count += 1
    }
    guard count > 0 else { return sum }
    let scale = Float(1 / Double(count))
    return sum.map { $0 * scale }
  }

  private func mean(_ rows: GrowingBuffer<Int32>) -> [Float] {
    [Float](unsafeUninitializedCapacity: dimension) { buffer, count in
      if let start = buffer.baseAddress {
        input.mean(UnsafeBufferPointer(rows.elements), into: start)
      }
      count = dimension
    }
  }
}
