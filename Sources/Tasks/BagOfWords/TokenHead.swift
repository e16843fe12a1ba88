// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// Class scores of a text's own tokens, beside those of its vector.
///
/// It lies in `words.safetensors`: `terms`, `weights` and `unknown` of the ``TokenBag``, and `scores`, `[terms, classes]`.
public struct TokenHead: Sendable {
  /// The file in a model directory.
  public static let file = "words.safetensors"

  /// The terms.
  public let bag: TokenBag
  /// What a row counts beside a vector of length one.
  public let scale: Double
  /// A score for each class, term after term.
  let scores: [Float]
  /// The number of classes.
  public let classCount: Int

  init(bag: TokenBag, scale: Double, scores: [Float], classCount: Int) {
    self.bag = bag
    self.scale = scale
    self.scores = scores
    self.classCount = classCount
  }

  /// Scores of each row, `[rows, classes]`, to be added to those of the vectors.
  public func logits(_ rows: [[Int32]]) throws(TorchError) -> Tensor {
    var result = [Float](repeating: 0, count: rows.count * classCount)
    for (number, row) in rows.enumerated() {
      for (column, value) in bag.row(row, scale: scale) {
        for index in 0..<classCount {
          result[number * classCount + index] +=
            Float(value) * scores[Int(column) * classCount + index]
        }
      }
    }
    return try Tensor(result, shape: [rows.count, classCount])
  }

  /// Reads the file.
  ///
  /// - Throws: `TorchError` where a tensor is missing, or they do not fit each other or the number of classes.
  public init(contentsOf url: URL, classCount: Int) throws(TorchError) {
    let file = try SafetensorsFile(url)
    let terms = try file.tensor("terms").elements(as: Int64.self)
    let numbers = try file.tensor("weights").elements(as: Double.self)
    let settings = try file.tensor("settings").elements(as: Double.self)
    let scores = try file.tensor("scores")
    guard numbers.count == terms.count, settings.count == 2,
      scores.shape == [terms.count, classCount]
    else {
      throw TorchError(
        .format,
        "expected \(terms.count) weights and scores of \(classCount) classes, found "
          + "\(numbers.count) and shape \(scores.shape)", at: url.path)
    }
    self.init(
      bag: TokenBag(terms: terms, weights: numbers, unknownWeight: settings[1]),
      scale: settings[0], scores: try scores.elements(), classCount: classCount)
  }

  /// Writes the file.
  public func write(to url: URL) throws(TorchError) {
    try SafetensorsFile.write(
      [
        ("terms", try Tensor(bag.terms)), ("weights", try Tensor(bag.weights)),
        ("settings", try Tensor([scale, bag.unknownWeight])),
        ("scores", try Tensor(scores, shape: [bag.count, classCount])),
      ], to: url)
  }
}

extension SparseSoftmaxRegression {
  /// Fits scores of vectors and of the tokens beside them at once.
  ///
  /// - Parameters:
  ///   - vectors: `[rows, width]`.
  ///   - tokens: each row's tokens.
  ///   - scale: what a row of tokens counts beside a vector of length one.
  ///   - start: a solution for another penalty, to start from.
  /// - Returns: the two heads, and the solution for a next penalty to start from.
  public func fit(
    _ vectors: Tensor, tokens: [[Int32]], bag: TokenBag, scale: Double, labels: [Int],
    classCount: Int, from start: Model? = nil
  ) throws -> (head: SoftmaxHead, tokens: TokenHead, solution: Model) {
    let width = vectors.shape[1]
    let numbers = try vectors.elements(as: Double.self)
    var rows = SparseRows(width: width + bag.count)
    for (row, tokens) in tokens.enumerated() {
      let dense = (0..<width).map { (Int32($0), numbers[row * width + $0]) }
      let terms = bag.row(tokens, scale: scale).map { ($0.column + Int32(width), $0.value) }
      rows.append(dense + terms)
    }
    let model = try fit(rows, labels: labels, classCount: classCount, from: start)
    let point = model.parameters.map(Float.init)
    let (inner, outer) = (width * classCount, (width + bag.count) * classCount)
    return (
      SoftmaxHead(
        weight: try Tensor(Array(point[..<inner]), shape: [width, classCount]).transposed()
          .contiguous(),
        bias: try Tensor(Array(point[outer...]))),
      TokenHead(
        bag: bag, scale: scale, scores: Array(point[inner..<outer]), classCount: classCount),
      model
    )
  }
}
