// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks

extension TransferRun {
  /// Where the examples are; imported first, where the recipe says so.
  func taskFiles(_ runner: StageRunner) throws -> CorpusPattern {
    try RunFolder.files(
      importer: recipe.data.importer, path: recipe.data.path, seed: recipe.seed,
      requiresSplit: true, runner, log)
  }

  /// The base's directory: that of a model or, where the recipe says how, of word vectors that are learnt here.
  func baseDirectory(_ data: TaskData, _ runner: StageRunner) throws -> URL {
    guard let settings = recipe.base.vectors else {
      return try BaseModels.directory(recipe.base.model, progress: log)
    }
    let pattern = settings.parallel ?? importedParallel
    let files = try pattern.map {
      try VectorBase.files($0, languages: data.test.dropFirst().map(\.language))
    }
    var inputs = ["data": data.identity]
    for (language, file) in files ?? [] {
      inputs["parallel.\(language)"] = try FileDigest.sha256(of: file)
    }
    let manifest = try StageManifest(
      stage: "encoder", version: 1, configuration: settings, seed: recipe.seed, inputs: inputs)
    return try runner.run("encoder", manifest) { folder in
      // The trainer tells one line at a time, while this thread waits for it.
      nonisolated(unsafe) let log = log
      try VectorBase(
        settings: settings, data: data, parallel: files ?? [], seed: recipe.seed
      ).write(to: folder) { log("encoder: \($0)") }
    }
  }

  /// Where an import leaves lines that say the same; nil where it has none.
  private var importedParallel: String? {
    let folder = output.appendingPathComponent("data/parallel")
    guard recipe.data.importer != nil, FileManager.default.fileExists(atPath: folder.path) else {
      return nil
    }
    return "\(folder.path)/\(recipe.data.source)-{lang}.tsv"
  }
}
