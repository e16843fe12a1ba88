// SPDX-License-Identifier: Apache-2.0

extension FastTextModel {
  /// The words but the end of a line, each with its vector, and how often each came.
  public func countedWords(threads: Int = 1) -> (table: VectorTable, counts: [Int]) {
    let whole = VectorTable(self, reading: VectorReading(threads: threads))
    let end = whole.words.index(of: WordDictionary.endOfLine)
    let kept = (0..<whole.count).filter { $0 != end }
    let counts = kept.map { dictionary.count(ofWord: $0) }
    guard end != nil else { return (whole, counts) }
    var text: [UInt8] = []
    var starts: [Int64] = [0]
    for index in kept {
      text += whole.words.bytes(index)
      starts.append(Int64(text.count))
    }
    let table = VectorTable(
      unchecked: WordList(text: text, starts: starts), whole.vectors.rows(at: kept))
    return (table, counts)
  }

  /// The vectors of the n-grams that some word of the dictionary has; nil where the model has no n-grams.
  ///
  /// - Throws: `WordVectorError.Code.unsupported` for a model whose vectors are stood for by codes.
  public func subwordTable() throws(WordVectorError) -> SubwordTable? {
    guard arguments.maximumCharacters > 0, arguments.buckets > 0 else { return nil }
    guard case .dense(let matrix) = input else {
      throw WordVectorError(
        .unsupported, "a quantised model cannot be taken apart into words and n-grams",
        hint: "use the model that it was made from")
    }
    var isUsed = [Bool](repeating: false, count: arguments.buckets)
    let rows = GrowingBuffer<Int32>()
    for index in 0..<dictionary.wordCount {
      Array(dictionary.bytes(index)).withUnsafeBufferPointer {
        features.extract(word: $0, rows)
      }
      for row in rows.elements where Int(row) >= dictionary.wordCount {
        isUsed[Int(row) - dictionary.wordCount] = true
      }
    }
    let buckets = isUsed.indices.filter { isUsed[$0] }
    let vectors = VectorMatrix(rows: buckets.count, columns: dimension) { numbers in
      guard let base = numbers.baseAddress else { return }
      for (place, bucket) in buckets.enumerated() {
        UnsafeMutableRawPointer(base + place * dimension).copyMemory(
          from: matrix.row(dictionary.wordCount + bucket), byteCount: dimension * 4)
      }
    }
    let shape = SubwordTable.Shape(
      shortest: arguments.minimumCharacters, longest: arguments.maximumCharacters,
      buckets: arguments.buckets)
    return try SubwordTable(shape, buckets: buckets.map(Int32.init), vectors: vectors)
  }
}
