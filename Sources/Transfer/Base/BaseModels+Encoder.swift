// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Transformers

extension BaseModels {
  /// A base's encoder, to be trained on rows without a prefix of its own.
  ///
  /// - Parameters:
  ///   - nameOrPath: the base, as ``directory(_:progress:)`` has it.
  ///   - maximumLength: the most tokens of a row; as many as the base takes by default.
  ///   - progress: told of what is fetched.
  /// - Throws: `RecipeError` for word vectors, which have no layers.
  public static func encoder(
    _ nameOrPath: String, maximumLength: Int? = nil, progress: (String) -> Void
  ) throws -> TextEncoder {
    let directory = try directory(nameOrPath, progress: progress)
    guard !SentenceEncoders.isStatic(directory) else {
      throw RecipeError(
        .value,
        "word vectors have no layers to tune; take an encoder such as e5-small as the base",
        at: directory.path)
    }
    return try TextEncoder(directory: directory, prefix: .none, maximumLength: maximumLength)
  }

  /// What a base is found by again: its name where it has one, else the path of its directory.
  static func reference(_ name: String, _ base: TextEncoder) -> String {
    known.contains { $0.name == name } || fetched().contains(name)
      ? name : base.directory.standardizedFileURL.path
  }
}
