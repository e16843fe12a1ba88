// SPDX-License-Identifier: Apache-2.0

import Foundation

extension VocabularyTiers {
  /// The file beside a model: `shared.tiers.json` beside `shared.model`.
  public static func file(beside model: URL) -> URL {
    model.deletingPathExtension().appendingPathExtension("tiers.json")
  }

  /// Reads the tiers of a model; nil where there are none.
  ///
  /// Throws ``SubwordError/Code/malformed`` if they do not fit the model's pieces.
  public init?(beside model: URL, pieces: [String]) throws(SubwordError) {
    let url = Self.file(beside: model)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    try self.init(contentsOf: url, pieces: pieces)
  }

  /// Reads the tiers of a vocabulary with some pieces.
  ///
  /// Throws ``SubwordError/Code/malformed`` if they do not fit the pieces, ``SubwordError/Code/file`` if the file cannot be
  /// read.
  public init(contentsOf url: URL, pieces: [String]) throws(SubwordError) {
    guard let data = try? Data(contentsOf: url) else {
      throw SubwordError(
        .file, "expected the tiers of a vocabulary, found no readable file", at: url.path)
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: data)
    } catch {
      throw SubwordError(.malformed, "expected the tiers of a vocabulary: \(error)", at: url.path)
    }
    guard format == "tiers/v1" else {
      throw SubwordError(
        .unsupported, "expected format tiers/v1, found '\(format)'; a newer Koine may read it",
        at: url.path)
    }
    try check(pieces, url.path)
  }

  private func check(_ pieces: [String], _ path: String) throws(SubwordError) {
    for version in versions {
      guard version.size >= 0, version.size <= pieces.count,
        Self.digest(pieces[..<version.size]) == version.digest
      else {
        throw SubwordError(
          .malformed,
          "expected the \(version.size) pieces of version \(version.number), found others: the "
            + "vocabulary was changed by other means, so its ids no longer mean the same", at: path)
      }
    }
    guard 0...pieces.count ~= core else {
      throw SubwordError(
        .malformed, "expected a core of at most the \(pieces.count) pieces, found \(core)", at: path
      )
    }
    var next = core
    for pack in packs {
      guard pack.first == next, 0...pieces.count - next ~= pack.count else {
        throw SubwordError(
          .malformed,
          "expected pack '\(pack.name)' to begin at id \(next) and to end by \(pieces.count), found \(pack.count) ids from \(pack.first)",
          at: path)
      }
      next += pack.count
    }
  }

  /// Writes the tiers of a model, beside their place first and then in it.
  public func write(beside model: URL) throws(SubwordError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let url = Self.file(beside: model)
    guard let data = try? encoder.encode(self) else {
      throw SubwordError(.file, "the tiers cannot be written", at: url.path)
    }
    try OutputFile.write(Array(data) + [0x0A], to: url)
  }
}

extension VocabularyTiers {
  /// What an embedding matrix is to a vocabulary.
  public enum Compatibility: Sendable, Equatable {
    /// As many rows as ids, or more where rows are padding.
    case complete(padding: Int)
    /// The rows of an earlier version; those of later pieces are missing.
    case earlier(version: Int, missing: Int)
    /// It fits no version.
    case none(reason: String)
  }

  /// Whether a matrix of so many rows fits.
  ///
  /// - Parameters:
  ///   - rows: its rows.
  ///   - digest: the digest of the vocabulary that it was made for, where it is known.
  public func compatibility(rows: Int, digest: String? = nil) -> Compatibility {
    guard let current = versions.last else { return .none(reason: "no version is known") }
    if let digest {
      guard let version = versions.first(where: { $0.digest == digest }) else {
        return .none(reason: "it was made for another vocabulary (\(digest))")
      }
      guard rows >= version.size else {
        return .none(
          reason: "it has \(rows) rows, and version \(version.number) has \(version.size) ids")
      }
      return version == current
        ? .complete(padding: rows - current.size)
        : .earlier(version: version.number, missing: current.size - version.size)
    }
    if rows >= current.size { return .complete(padding: rows - current.size) }
    if let version = versions.last(where: { $0.size <= rows }) {
      return .earlier(version: version.number, missing: current.size - version.size)
    }
    return .none(
      reason: "it has \(rows) rows, and the first version has \(versions[0].size) ids")
  }
}
