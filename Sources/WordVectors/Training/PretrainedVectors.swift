// SPDX-License-Identifier: Apache-2.0

/// Words with vectors that a training begins with (`-pretrainedVectors`).
public struct PretrainedVectors: Sendable {
  /// Numbers in a vector.
  public let dimension: Int
  let words: [[UInt8]]
  private let vectors: [Float]

  /// Reads a text of vectors (`.vec`): the number of words and of dimensions, then a line for each word.
  ///
  /// - Throws: `WordVectorError.Code.file` where it cannot be read, `.format` where it is not such a file; the error names
  ///   the line.
  public init(contentsOf path: String) throws(WordVectorError) {
    let file = try MappedFile(path)
    var words: [[UInt8]] = []
    var vectors: [Float] = []
    var dimension = 0
    var number = 0
    for line in file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let fields = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
      func refused(_ expected: String, _ found: String) -> WordVectorError {
        WordVectorError(
          .format, "line \(number) is not as it should be", expected: expected, found: found,
          hint: "vectors to begin with are text (.vec)", at: path)
      }
      if number == 1 {
        guard fields.count == 2, let columns = Self.text(fields[1]).flatMap({ Int($0) }),
          (1...1 << 16).contains(columns)
        else { throw refused("the numbers of words and of dimensions", "\(fields.count) fields") }
        dimension = columns
        continue
      }
      if fields.isEmpty, line.endIndex == file.bytes.endIndex { break }
      guard fields.count == dimension + 1 else {
        throw refused("a word and \(dimension) numbers", "\(fields.count) fields")
      }
      words.append(Array(fields[0]))
      for field in fields[1...] {
        guard let text = Self.text(field), let value = Float(text), value.isFinite else {
          throw refused("numbers", "'\(String(decoding: field, as: UTF8.self))'")
        }
        vectors.append(value)
      }
    }
    guard !words.isEmpty else {
      throw WordVectorError(.format, "there is no vector in it", expected: "some", at: path)
    }
    self.dimension = dimension
    self.words = words
    self.vectors = vectors
  }

  /// Writes the vectors of a dictionary's words to its rows.
  func copy(
    _ dictionary: WordDictionary, _ rows: Range<Int>, to store: ParameterStore
  ) throws(WordVectorError) {
    for (place, word) in words.enumerated() {
      let index = word.withUnsafeBufferPointer { dictionary.index(of: $0, hash: WordHash.of($0)) }
      guard (0..<dictionary.wordCount).contains(index) else { continue }
      let row = store.row(rows.lowerBound + index)
      for column in 0..<dimension { row[column] = vectors[place * dimension + column] }
    }
  }

  private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String? {
    String(validating: bytes, as: UTF8.self)
  }
}
