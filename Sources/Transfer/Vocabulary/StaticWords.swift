// SPDX-License-Identifier: Apache-2.0

import Subwords
import WordVectors

/// Static word vectors of a language, of which pieces get vectors too.
public enum StaticWords: Sendable {
  /// A vector for each word.
  case table(VectorTable)
  /// A model with rows for character n-grams, which has a vector for any string.
  case model(FastTextModel)

  /// Vectors in a file of any format; a fastText model with n-grams is one that has vectors for pieces.
  ///
  /// - Throws: `WordVectorError` where it cannot be read or is none of the formats.
  public init(contentsOf path: String) throws(WordVectorError) {
    guard path != "-", !path.hasSuffix(".gz"), try VectorFormat(ofFile: path) == .fastText else {
      self = .table(try VectorTable(contentsOf: path))
      return
    }
    let model = try FastTextModel(contentsOf: path)
    self = model.arguments.maximumCharacters > 0 ? .model(model) : .table(VectorTable(model))
  }

  /// Numbers in a vector.
  public var dimension: Int {
    switch self {
    case .table(let table): table.dimension
    case .model(let model): model.dimension
    }
  }

  /// The vector of a word, divided by its length; nil where the word is not known or its vector is 0.
  func direction(of word: String) -> [Float]? {
    let vector: [Float]?
    switch self {
    case .table(let table): vector = table.vector(of: word)
    case .model(let model):
      vector = model.dictionary.index(of: word).map { _ in model.vector(ofWord: word) }
    }
    guard let vector else { return nil }
    let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 0 ? vector.map { Float(Double($0) / length) } : nil
  }

  /// Vectors of a vocabulary's pieces.
  ///
  /// A model gives a piece the mean of its n-grams' rows (and its own, where it is a word). Of a table a piece gets the mean of the
  /// words that are cut into it; a word counts by its rank, 1/(rank + 1), since tables begin with the commonest words and have
  /// no counts.
  func vectors(of tokenizer: Tokenizer, _ texts: [PieceText?]) -> PieceVectors {
    switch self {
    case .model(let model):
      return PieceVectors(
        texts.enumerated().compactMap { id, text in
          guard let text = text?.text, !text.isEmpty else { return nil }
          return (id, model.vector(ofWord: text))
        }, width: dimension)
    case .table(let table):
      var sums: [Int: [Double]] = [:]
      for start in stride(from: 0, to: table.count, by: 4096) {
        let words = start..<min(start + 4096, table.count)
        let rows = tokenizer.ids(of: words.map { table.words[$0] }, addsSpecialTokens: false)
        for (word, ids) in zip(words, rows) {
          let weight = 1 / Double(word + 1)
          for id in Set(ids).map(Int.init) where id < texts.count && texts[id] != nil {
            var sum = sums[id] ?? [Double](repeating: 0, count: dimension)
            for (place, value) in table.vectors[word].enumerated() {
              sum[place] += weight * Double(value)
            }
            sums[id] = sum
          }
        }
      }
      // A mean differs from a sum by its length alone, which is made 1.
      return PieceVectors(
        sums.keys.sorted().map { id in (id, (sums[id] ?? []).map { Float($0) }) },
        width: dimension)
    }
  }
}
