// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch

extension TransferRun {
  /// Writes the model that is kept: all that it needs, in one folder.
  ///
  /// Of methods that are taken together the first one's stands in the folder itself, and the others' in a folder of each.
  func writeModel(
    _ artifacts: [String: MethodArtifacts], _ data: TaskData, _ base: URL, _ card: String,
    to folder: URL
  ) throws {
    let methods = recipe.keptMethods
    for (place, method) in methods.enumerated() {
      guard let kept = artifacts[method.name] else {
        throw RecipeError(.data, "no method '\(method.name)' was run")
      }
      let isFirst = place == 0
      let target = isFirst ? folder : TextClassifier.member(method.name, of: folder)
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      try copyEncoder(base, of: method, to: target)
      var description = TextClassifier.Description(
        name: recipe.name, labels: data.labels, source: data.train.language,
        languages: data.test.map(\.language), prefix: recipe.base.prefix,
        pooling: recipe.base.pooling, maximumLength: recipe.base.maximumLength,
        centersLanguages: method.center != .none)
      if isFirst, methods.count > 1 { description.members = methods.dropFirst().map(\.name) }
      try TextClassifier.write(
        description, head: kept.head, centers: kept.centers, words: kept.words,
        reading: isFirst ? data.reading : .plain, to: target)
    }
    try Data(card.utf8).write(
      to: folder.appendingPathComponent("README.md"), options: .atomic)
  }

  /// The encoder's files: a network's as Hugging Face tools open them, or those of word vectors.
  private func copyEncoder(_ base: URL, of method: Recipe.Method, to folder: URL) throws {
    let files = FileManager.default
    guard !SentenceEncoders.isStatic(base) else {
      for name in try files.contentsOfDirectory(atPath: base.path).sorted()
      where StaticEncoder.reads(name) {
        try files.copyItem(
          at: base.appendingPathComponent(name), to: folder.appendingPathComponent(name))
      }
      return
    }
    for name in ["config.json"] + BaseModels.companions {
      let source = base.appendingPathComponent(name)
      guard files.fileExists(atPath: source.path) else { continue }
      try files.copyItem(at: source, to: folder.appendingPathComponent(name))
    }
    try writeWeights(base, of: method, to: folder.appendingPathComponent("model.safetensors"))
  }

  /// A kept method's weights in one file, whether the base has one or shards.
  private func writeWeights(_ base: URL, of method: Recipe.Method, to file: URL) throws {
    let tuned = output.appendingPathComponent("methods/\(method.name)/\(Self.encoderFile)")
    let weights = method.tuning != nil ? tuned : base.appendingPathComponent("model.safetensors")
    if FileManager.default.fileExists(atPath: weights.path) {
      return try FileManager.default.copyItem(at: weights, to: file)
    }
    guard let encoder = try makeEncoder(base) as? TextEncoder else { return }
    try SafetensorsFile.write(
      encoder.parameters.parameters.map { ($0.name, $0.tensor) }, to: file)
  }
}
