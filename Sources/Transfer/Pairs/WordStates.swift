// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Tasks
import Torch

/// Vectors of the words of sentences, from a middle layer of a base, and how alike those of two sentences are.
///
/// A word's vector is the mean of its pieces' states, of length one. Middle layers say most of what words mean alike in all languages (Jalili
/// Sabet and others, 2020: the 8th of 12).
public struct WordStates {
  /// The base.
  public let encoder: TextEncoder
  /// Layers that states have passed; two thirds of the base's by default.
  public let depth: Int

  /// Words' states after a layer of a base.
  ///
  /// - Throws: `RecipeError` for a layer that the base does not have.
  public init(_ encoder: TextEncoder, depth: Int? = nil) throws {
    let count = encoder.encoder.configuration.layerCount
    self.encoder = encoder
    self.depth = depth ?? max(1, count * 2 / 3)
    guard (1...count).contains(self.depth) else {
      throw RecipeError(
        .value, "expected a layer from 1 to \(count), found \(self.depth)")
    }
  }

  /// The cosines of the words of each pair, `[source words × target words]` row by row.
  ///
  /// Words behind what the base takes are like none: their cosines are 0.
  public func similarities(
    _ pairs: [(source: [String], target: [String])]
  ) throws -> [[Float]] {
    let sentences = pairs.map(\.source) + pairs.map(\.target)
    let vectors = try self.vectors(sentences)
    return try GradientMode.disabled {
      try pairs.indices.map { index in
        let (source, target) = (vectors[index], vectors[pairs.count + index])
        var result = [Float](
          repeating: 0, count: pairs[index].source.count * pairs[index].target.count)
        guard let source, let target else { return result }
        let cosines = try source.matmul(target.transposed()).elements(as: Float.self)
        let (rows, columns) = (source.shape[0], target.shape[0])
        for row in 0..<rows {
          for column in 0..<columns {
            result[row * pairs[index].target.count + column] = cosines[row * columns + column]
          }
        }
        return result
      }
    }
  }

  /// Each sentence's words' vectors, `[words that fit, hidden]`; nil for a sentence without words.
  private func vectors(_ sentences: [[String]]) throws -> [Tensor?] {
    let rowEncoder = RowEncoder(encoder)
    let (front, back) = rowEncoder.affixes
    let limit = rowEncoder.maximumLength - front.count - back.count
    var rows: [[Int32]] = []
    var spans: [[Range<Int>]] = []
    for words in sentences where !words.isEmpty {
      var row = front
      var own: [Range<Int>] = []
      for pieces in rowEncoder.pieces(of: words) {
        guard row.count - front.count + pieces.count <= limit else { break }
        own.append(row.count..<row.count + pieces.count)
        row += pieces
      }
      rows.append(row + back)
      spans.append(own)
    }
    let states = try encoder.states(rows, through: depth)
    var found = zip(states, spans).makeIterator()
    return try GradientMode.disabled {
      try sentences.map { words in
        guard !words.isEmpty, let (states, spans) = found.next(), !spans.isEmpty else {
          return nil
        }
        return try Tensor.stacked(
          spans.map {
            try states.narrowed(0, start: $0.lowerBound, length: $0.count).mean([0])
          }
        ).normalized()
      }
    }
  }
}
