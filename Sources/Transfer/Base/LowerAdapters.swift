// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Training
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
  public func opened(for base: TextEncoder) throws -> [Adapter] {
    guard !folders.isEmpty else { return [] }
    let hash = try base.parameters.bodyHash()
    return try folders.enumerated().map { index, folder in
      let adapter = try Adapter(folder, name: "\(TaskModel.lowerName)\(index + 1)")
      try adapter.check(body: hash)
      return adapter
    }
  }

  /// Has an encoder encode with the adapters.
  ///
  /// - Throws: `TransformerError` where a folder holds none, or one of another body; `RecipeError` for word vectors.
  public func apply(to encoder: any SentenceEncoder) throws {
    guard !folders.isEmpty else { return }
    guard let encoder = encoder as? TextEncoder else {
      throw RecipeError(
        .value,
        "word vectors have no layers for adapters; take an encoder such as e5-small as the base")
    }
    encoder.adapt(by: Self.composition(try opened(for: encoder)))
  }

  /// Adds what the adapters change to an encoder's own weights, so that it does without them.
  ///
  /// - Throws: `TransformerError` where a folder holds none, one of another body, or one with bottlenecks or a prefix, which has no place in
  ///   weights.
  public func merge(into encoder: TextEncoder) throws {
    let adapters = try opened(for: encoder)
    for (adapter, folder) in zip(adapters, folders) {
      do {
        try encoder.encoder.merge(adapter)
      } catch let error as TransformerError {
        throw TransformerError(error.code, error.message, at: folder.path)
      }
    }
  }

  /// Adapters one upon the other; nil for none.
  static func composition(_ adapters: [Adapter]) -> AdapterComposition? {
    adapters.count > 1 ? .stack(adapters.map { .single($0) }) : adapters.first.map { .single($0) }
  }

  /// Why nothing can be below what is tuned in a way; nil where something can.
  static func refusal(_ kind: TuningChoice.Kind) -> String? {
    if kind.changesBody {
      return
        "adapters below belong to the body as it is, which '\(kind.rawValue)' changes; tune an adapter or the head above "
        + "them"
    }
    if kind == .language {
      return
        "a language's adapter stands lowest, right above the embeddings; leave out what is below, or tune another kind of "
        + "adapter above it"
    }
    return nil
  }

  /// Refuses adapters below what is tuned in a way that allows none.
  func check(_ kind: TuningChoice.Kind) throws(RecipeError) {
    if !folders.isEmpty, let reason = Self.refusal(kind) { throw RecipeError(.value, reason) }
  }

  /// Rows that leave room for the positions of prefixes, of these adapters and of what is tuned.
  static func rows(_ base: TextEncoder, _ below: [Adapter], _ choice: TuningChoice) throws
    -> RowEncoder
  {
    var virtual = choice.kind == .prefix ? choice.prefixLength : 0
    for adapter in below { if case .prefix(let prefix) = adapter.kind { virtual += prefix.length } }
    let room = base.encoder.configuration.maximumLength - virtual
    guard room > 2 else {
      throw TransformerError(
        .input,
        "prefixes of \(virtual) tokens leave no room for text among the model's \(base.encoder.configuration.maximumLength) "
          + "positions; make them shorter")
    }
    return RowEncoder(base, maximumLength: room)
  }

  /// One hash of all their files, for what depends on them.
  ///
  /// - Throws: `TransformerError` where a folder holds no adapter.
  public func digest() throws -> String {
    try folders.map { folder in
      let file = folder.appendingPathComponent("adapter_config.json")
      guard FileManager.default.fileExists(atPath: file.path) else {
        throw TransformerError(
          .file, "there is no adapter; make one with 'koine pretrain', or name another folder",
          at: folder.path)
      }
      return try FileDigest.sha256(ofFolder: folder) { !$0.hasPrefix(".") }
    }.joined(separator: " ")
  }
}
