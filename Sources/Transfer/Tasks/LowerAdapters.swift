// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Transformers

/// Adapters in folders, below what is trained: they stay as they are, the lowest first.
public struct LowerAdapters {
  private let folders: [URL]

  /// Adapters by their folders; `{lang}` in a path stands for a language.
  public init(_ paths: [String], language: String = "{lang}") {
    folders = paths.map {
      let path = $0.replacingOccurrences(of: "{lang}", with: language)
      return URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
    }
  }

  /// The adapters, which must belong to a base.
  ///
  /// - Throws: `TransformerError` where a folder holds none, or one of another body.
  func opened(for base: TextEncoder) throws -> [Adapter] {
    guard !folders.isEmpty else { return [] }
    let hash = try base.parameters.bodyHash()
    return try folders.enumerated().map { index, folder in
      let adapter = try Adapter(folder, name: "below\(index + 1)")
      try adapter.check(body: hash)
      return adapter
    }
  }

  /// One hash of all their files, for what depends on them.
  public func digest() throws -> String {
    try folders.map { try FileDigest.sha256(ofFolder: $0) { !$0.hasPrefix(".") } }
      .joined(separator: " ")
  }
}
