// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What an import leaves beside its data: where it came from and what it holds.
///
/// There is no time in it: the same input and parameters give the same bytes.
public struct ImportManifest: Sendable, Equatable, Codable {
  /// A file by its content.
  public struct File: Sendable, Equatable, Codable {
    /// SHA-256 in hexadecimal digits.
    public var sha256: String
    /// Bytes.
    public var size: Int

    /// A file's digest and size.
    ///
    /// - Throws: `CorpusError.Code.file` where it cannot be read.
    public init(_ file: URL) throws(CorpusError) {
      sha256 = try FileDigest.sha256(of: file)
      let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
      size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
  }

  /// The importer.
  public var importer: String
  /// What made it, and in which version: "koine-import 2".
  public var tool = "koine-import \(Self.formatVersion)"
  /// Where the data came from.
  public var source: String
  /// The source's version, or a digest that stands for it.
  public var version: String
  /// The data's licence.
  public var licence: String
  /// What was asked for.
  public var parameters: [String: String]
  /// Rows by language, split and label.
  public var counts: [String: [String: [String: Int]]]
  /// What was read, by its name at the source.
  public var inputs: [String: File]
  /// What was written, by its path beside the manifest.
  public var files: [String: File]

  /// The file's name.
  public static let fileName = "manifest.json"
  /// Raised when the same source and parameters come to give other data.
  public static let formatVersion = 2

  /// Reads a folder's manifest.
  ///
  /// - Throws: `CorpusError.Code.format` where there is none that can be read.
  public init(contentsOf folder: URL) throws(CorpusError) {
    let file = folder.appendingPathComponent(Self.fileName)
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    } catch {
      throw CorpusError(
        .format, "not the manifest of an import", hint: "import the data again", at: file.path)
    }
  }

  /// A manifest from its parts.
  public init(
    importer: String, source: String, version: String, licence: String,
    parameters: [String: String], counts: [String: [String: [String: Int]]],
    inputs: [String: File], files: [String: File]
  ) {
    self.importer = importer
    self.source = source
    self.version = version
    self.licence = licence
    self.parameters = parameters
    self.counts = counts
    self.inputs = inputs
    self.files = files
  }

  /// Writes the manifest into a folder.
  ///
  /// - Throws: `CorpusError` where it cannot be written.
  public func write(to folder: URL) throws(CorpusError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let path = folder.appendingPathComponent(Self.fileName).path
    guard let data = try? encoder.encode(self) else {
      throw CorpusError(.format, "the manifest cannot be written as JSON", at: path)
    }
    let file = try AtomicFile(path)
    try file.write(contentsOf: data)
    try file.write("\n")
    try file.commit()
  }

  /// Whether every file that the manifest names is there, unchanged.
  ///
  /// - Throws: `CorpusError` naming the first that is not.
  public func verify(_ folder: URL) throws(CorpusError) {
    for (name, expected) in files.sorted(by: { $0.key < $1.key }) {
      let file = folder.appendingPathComponent(name)
      let found = try File(file)
      guard found == expected else {
        throw CorpusError(
          .download, "the file is not the one that was imported", expected: expected.sha256,
          found: found.sha256, hint: "import the data again", at: file.path)
      }
    }
  }
}
