// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Descriptions of Debian packages in up to 16 languages, with their section as the topic.
///
/// `apt-get` fetches the package lists and the translations into folders of the import's own; the
/// machine's package state is not touched. A description and its translation are joined by the digest of
/// the English text; the source package's hash decides the split, for all languages alike, so nothing
/// that is tested in one language was learned from in another.
public struct DebianDescriptions: Importer {
  /// "debian-descriptions".
  public static let name = "debian-descriptions"
  /// What it brings.
  public static let summary = "package descriptions, 10 topics, 15 languages, parallel (apt)"

  /// Languages to ask for, as Debian names them; the source, "en", among them.
  public var languages = [
    "en", "de", "fr", "it", "es", "da", "ja", "pt_BR", "pt", "ru", "pl", "sk", "uk", "ko", "cs",
    "zh_CN",
  ]
  /// The sections that become labels.
  public var topics = [
    "admin", "fonts", "games", "graphics", "mail", "math", "net", "science", "sound", "text",
  ]
  /// Seeds which packages go where.
  public var seed: UInt64
  /// The most test rows of a language, in the proportions that its topics have.
  public var testLimit = 200
  /// Languages with fewer test rows are left out.
  public var testMinimum = 100
  /// The most rows kept as text without labels, for languages other than the source.
  public var trainLimit = 1000
  /// The share of source packages that are tested on, and of those that settings are chosen on.
  public var shares = (test: 0.3, dev: 0.05)

  /// The import with its defaults.
  public init(seed: UInt64 = 1) {
    self.seed = seed
  }

  /// What the result depends on.
  public var parameters: [String: String] {
    [
      "languages": languages.joined(separator: ","), "topics": topics.joined(separator: ","),
      "seed": String(seed), "testLimit": String(testLimit), "testMinimum": String(testMinimum),
      "trainLimit": String(trainLimit), "shares": "test=\(shares.test),dev=\(shares.dev)",
      "format": String(ImportManifest.formatVersion),
    ]
  }

  /// Fetches the lists, joins, splits and writes.
  public func importData(to folder: URL, progress: (String) -> Void) throws {
    let lists = try DebianArchive(languages: languages).lists(progress: progress)
    try importData(from: lists, to: folder, progress: progress)
  }

  /// Joins lists, splits and writes.
  func importData(
    from lists: DebianArchive.Lists, to folder: URL, progress: (String) -> Void
  ) throws {
    let (packages, inputs) = try read(lists, progress: progress)
    progress("splitting")
    let corpus = select(packages)
    guard corpus.examples["en"]?["train"] != nil else {
      throw CorpusError(
        .download, "the package lists have no described packages in these sections",
        hint: "check that apt's sources name Debian archives")
    }
    var files = try corpus.write(to: folder)
    files.merge(try writeParallel(packages, corpus, to: folder)) { $1 }
    let version = FileDigest.sha256(
      of: Data(inputs.sorted { $0.key < $1.key }.map { $0.key + $0.value.sha256 }.joined().utf8))
    try ImportManifest(
      importer: Self.name, source: "Debian package descriptions and their translations (DDTP)",
      version: "lists \(version.prefix(16))",
      licence: "the packages' own free licences; translations GPL-2+", parameters: parameters,
      counts: corpus.counts, inputs: inputs, files: files
    ).write(to: folder)
  }

  /// Joins what apt-get fetched.
  func read(
    _ lists: DebianArchive.Lists, progress: (String) -> Void
  ) throws(CorpusError) -> (packages: DescribedPackages, inputs: [String: ImportManifest.File]) {
    var packages = DescribedPackages()
    var inputs: [String: ImportManifest.File] = [:]
    func record(_ path: String) throws(CorpusError) {
      let file = URL(fileURLWithPath: path)
      inputs[file.lastPathComponent] = try ImportManifest.File(file)
    }
    progress("reading package lists")
    for path in lists.packages {
      try packages.readPackages(path, sections: Set(topics))
      try record(path)
    }
    for (language, paths) in lists.translations {
      progress("reading \(language)")
      for path in paths {
        try packages.readTranslations(path, language: language)
        try record(path)
      }
    }
    return (packages, inputs)
  }
}
