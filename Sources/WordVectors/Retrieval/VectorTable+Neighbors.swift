// SPDX-License-Identifier: Apache-2.0

extension VectorTable {
  /// The words whose vectors have the largest cosine with a vector.
  ///
  /// As in fastText the query is divided by its own length, words of length 0 and queries of length 0 give cosine 0, and of equal words the first comes
  /// first.
  ///
  /// - Parameters:
  ///   - vector: The query, as long as the table's vectors.
  ///   - limit: How many words.
  ///   - excluded: Words that are left out, as the query's own.
  public func neighbors(
    of vector: [Float], limit: Int, excluding excluded: [String] = [], threads: Int = 1
  ) -> [(word: String, cosine: Float)] {
    precondition(vector.count == dimension, "the query and the table differ in dimension")
    let passed = Set(excluded.compactMap { words.index(of: $0) })
    let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard limit > 0 else { return [] }
    let query = vector.map { length > 0 ? Float(Double($0) / length) : 0 }
    let cosines = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let buffer = buffer
      parallelRanges(count, threads: threads) { range in
        for index in range {
          var (product, square) = (Float(0), Float(0))
          let row = vectors[index]
          if let row = row.baseAddress {
            query.withUnsafeBufferPointer { query in
              if let query = query.baseAddress {
                product = VectorArithmetic.dot(query, row, dimension)
              }
            }
            square = VectorArithmetic.dot(row, row, dimension)
          }
          buffer[index] = square > 0 ? product / square.squareRoot() : 0
        }
      }
      initialized = count
    }
    let lists = BestLists(count: 1, limit: limit)
    for (index, cosine) in cosines.enumerated() where !passed.contains(index) {
      lists.insert(cosine, Int32(index), into: 0)
    }
    return lists.entries(0).map { (words[$0.index], $0.value) }
  }

  /// The words nearest to `a - b + c`, these three left out: "a is to b as the answer is to c".
  ///
  /// The three vectors are divided by their lengths first, as in fastText.
  ///
  /// - Parameter vector: What gives a word's vector; the table's own where it is left out.
  /// - Throws: `WordVectorError.Code.data` where a word has no vector.
  public func analogies(
    _ a: String, _ b: String, _ c: String, limit: Int, threads: Int = 1,
    vector: ((String) -> [Float])? = nil
  ) throws(WordVectorError) -> [(word: String, cosine: Float)] {
    var sum = [Float](repeating: 0, count: dimension)
    for (word, sign) in [(a, Float(1)), (b, -1), (c, 1)] {
      guard let found = vector?(word) ?? self.vector(of: word) else {
        throw WordVectorError(
          .data, "the word '\(word)' has no vector", hint: "name one that is in the file")
      }
      let length = found.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard length > 0 else { continue }
      for index in sum.indices { sum[index] += sign * Float(Double(found[index]) / length) }
    }
    return neighbors(of: sum, limit: limit, excluding: [a, b, c], threads: threads)
  }
}
