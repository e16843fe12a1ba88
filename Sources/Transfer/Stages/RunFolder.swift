// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// The folder that a recipe is carried out into.
struct RunFolder {
  private let url: URL

  init(_ url: URL) { self.url = url }

  /// Makes the folder, with the recipe in it; results of another recipe are taken out.
  func begin(_ recipe: String) throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      let file = url.appendingPathComponent("recipe.yaml")
      let text = Data(recipe.utf8)
      // Results of another recipe must not stand beside this one if it fails.
      if let old = try? Data(contentsOf: file), old != text {
        for name in ["results.json", "report.html"] {
          try? FileManager.default.removeItem(at: url.appendingPathComponent(name))
        }
      }
      try text.write(to: file, options: .atomic)
    } catch {
      throw RecipeError(
        .file, "the output folder cannot be written: \(error.localizedDescription)", at: url.path)
    }
  }

  /// Where the examples are; imported first, where the recipe says so.
  static func files(
    importer name: String?, path: String?, seed: UInt64, requiresSplit: Bool,
    _ runner: StageRunner, _ log: (String) -> Void
  ) throws -> CorpusPattern {
    guard let name else { return try CorpusPattern(path ?? "", requiresSplit: requiresSplit) }
    let importer = try Importers.named(name, seed: seed)
    let manifest = try StageManifest(
      stage: "data", version: 1, configuration: importer.parameters, seed: seed,
      inputs: ["importer": name])
    let folder = try runner.run("data", manifest) { folder in
      try importer.importData(to: folder) { log("data: \($0)") }
    }
    return try CorpusPattern("\(folder.path)/{lang}/{split}.tsv")
  }
}
