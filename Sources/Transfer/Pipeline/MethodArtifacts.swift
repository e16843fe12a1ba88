// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch

/// What a method's stage leaves in its folder.
struct MethodArtifacts {
  /// Class probabilities of each language's test text.
  var probabilities: [String: [[Float]]]
  /// The head.
  var head: SoftmaxHead
  /// Means by language; empty where the method does not centre.
  var centers: LanguageCenters
  /// How it was trained.
  var record: MethodRecord
  /// Scores of tokens beside the head, where the method has them.
  var words: TokenHead?
  /// The vectors of test text, as the head saw them.
  var vectors: [String: Tensor]

  private static let head = "head.safetensors"
  private static let predictions = "predictions.safetensors"
  private static let record = "training.json"

  /// Gathers a method's result.
  init(_ result: MethodResult) throws {
    head = result.head
    centers = result.features.centers
    record = result.record
    vectors = result.features.test
    words = result.words?.head
    probabilities = try GradientMode.disabled { () throws(TorchError) in
      var probabilities: [String: [[Float]]] = [:]
      for (language, vectors) in result.features.test {
        probabilities[language] = try TextClassifier.probabilities(
          vectors, result.head, words: result.words.map { ($0.head, $0.test[language] ?? []) })
      }
      return probabilities
    }
  }

  /// Methods whose answers are taken together; what is not of answers is the first one's.
  init(together members: [Self]) throws {
    guard let first = members.first else {
      throw RecipeError(.data, "no methods were run that are to be taken together")
    }
    self = first
    words = nil
    for language in first.probabilities.keys {
      let answers = members.compactMap { $0.probabilities[language] }
      guard answers.count == members.count else {
        throw RecipeError(
          .data, "not all methods that are taken together have predictions of '\(language)'")
      }
      probabilities[language] = TextClassifier.together(answers)
    }
    record.parameterCount = members.reduce(0) { $0 + $1.record.parameterCount }
    record.switchedCount = members.compactMap(\.record.switchedCount).max()
  }

  /// A method without vectors: a bag of words.
  init(probabilities: [String: [[Float]]], head: SoftmaxHead, record: MethodRecord) {
    self.probabilities = probabilities
    self.head = head
    self.record = record
    centers = LanguageCenters()
    vectors = [:]
  }

  /// Reads a folder.
  init(contentsOf folder: URL) throws {
    let heads = try SafetensorsFile(folder.appendingPathComponent(Self.head))
    head = SoftmaxHead(weight: try heads.tensor("weight"), bias: try heads.tensor("bias"))
    var means: [String: Tensor] = [:]
    for name in heads.names {
      if let language = name.suffix(after: "center.") { means[language] = try heads.tensor(name) }
    }
    centers = LanguageCenters(means)
    let tokens = folder.appendingPathComponent(TokenHead.file)
    words =
      FileManager.default.fileExists(atPath: tokens.path)
      ? try TokenHead(contentsOf: tokens, classCount: head.bias.count) : nil
    let predictions = try SafetensorsFile(folder.appendingPathComponent(Self.predictions))
    probabilities = [:]
    vectors = [:]
    for name in predictions.names {
      let tensor = try predictions.tensor(name)
      if let language = name.suffix(after: "vectors.") { vectors[language] = tensor }
      guard let language = name.suffix(after: "probabilities.") else { continue }
      let flat = try tensor.elements(as: Float.self)
      let width = tensor.shape[1]
      probabilities[language] = stride(from: 0, to: flat.count, by: width).map {
        Array(flat[$0..<($0 + width)])
      }
    }
    record = try JSONDecoder().decode(
      MethodRecord.self, from: Data(contentsOf: folder.appendingPathComponent(Self.record)))
  }

  /// Writes the folder's files.
  func write(to folder: URL) throws {
    let means = centers.centers.map { ("center.\($0.key)", $0.value) }
    try SafetensorsFile.write(
      [("weight", head.weight), ("bias", head.bias)] + means,
      to: folder.appendingPathComponent(Self.head))
    try words?.write(to: folder.appendingPathComponent(TokenHead.file))
    var tensors: [(name: String, tensor: Tensor)] = []
    for (language, rows) in probabilities {
      let width = rows.first?.count ?? 0
      tensors.append(
        ("probabilities.\(language)", try Tensor(rows.flatMap(\.self), shape: [rows.count, width])))
    }
    tensors += vectors.map { ("vectors.\($0.key)", $0.value) }
    try SafetensorsFile.write(tensors, to: folder.appendingPathComponent(Self.predictions))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(record).write(to: folder.appendingPathComponent(Self.record))
  }
}
