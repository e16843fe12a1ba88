// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch

extension TransferRun {
  /// Writes the model that is kept: all that it needs, in one folder.
  func writeModel(
    _ kept: MethodArtifacts, _ data: TaskData, _ base: URL, _ card: String, to folder: URL
  ) throws {
    let files = FileManager.default
    let method = recipe.methods.first { $0.name == recipe.keep }
    if SentenceEncoders.isStatic(base) {
      for name in try files.contentsOfDirectory(atPath: base.path).sorted()
      where StaticEncoder.reads(name) {
        try files.copyItem(
          at: base.appendingPathComponent(name), to: folder.appendingPathComponent(name))
      }
    } else {
      try copyEncoder(base, isTuned: method?.tuning != nil, to: folder)
    }
    try TextClassifier.write(
      TextClassifier.Description(
        name: recipe.name, labels: data.labels, source: data.train.language,
        languages: data.test.map(\.language), prefix: recipe.base.prefix,
        pooling: recipe.base.pooling, maximumLength: recipe.base.maximumLength,
        centersLanguages: method?.center != Recipe.Centering.none),
      head: kept.head, centers: kept.centers, words: kept.words, reading: data.reading, to: folder)
    try Data(card.utf8).write(
      to: folder.appendingPathComponent("README.md"), options: .atomic)
  }

  /// A network's files, as Hugging Face tools open them.
  private func copyEncoder(_ base: URL, isTuned: Bool, to folder: URL) throws {
    let files = FileManager.default
    for name in ["config.json"] + BaseModels.companions {
      let source = base.appendingPathComponent(name)
      guard files.fileExists(atPath: source.path) else { continue }
      try files.copyItem(at: source, to: folder.appendingPathComponent(name))
    }
    try writeWeights(
      base, isTuned: isTuned, to: folder.appendingPathComponent("model.safetensors"))
  }

  /// The kept method's weights in one file, whether the base has one or shards.
  private func writeWeights(_ base: URL, isTuned: Bool, to file: URL) throws {
    let tuned = output.appendingPathComponent("methods/\(recipe.keep)/\(Self.encoderFile)")
    let weights = isTuned ? tuned : base.appendingPathComponent("model.safetensors")
    if FileManager.default.fileExists(atPath: weights.path) {
      return try FileManager.default.copyItem(at: weights, to: file)
    }
    guard let encoder = try makeEncoder(base) as? TextEncoder else { return }
    try SafetensorsFile.write(
      encoder.parameters.parameters.map { ($0.name, $0.tensor) }, to: file)
  }
}
