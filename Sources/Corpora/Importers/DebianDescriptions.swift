// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Descriptions of Debian packages in up to 17 languages, with their section as the topic.
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

  /// Languages to ask for, as Debian names them.
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
  /// The most test rows of a language.
  public var testLimit = 200
  /// Languages with fewer test rows are left out.
  public var testMinimum = 60
  /// The most rows without labels, kept for languages other than the source.
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
    ]
  }

  /// Fetches the lists, joins, splits and writes.
  public func importData(to folder: URL, progress: (String) -> Void) throws {
    let lists = try DebianArchive(languages: languages).lists(progress: progress)
    progress("reading package lists")
    var packages: [String: Package] = [:]
    for file in lists.packages { try readPackages(file, into: &packages) }
    var texts: [String: [String: String]] = [:]  // language → digest → description
    for (language, files) in lists.translations {
      progress("reading \(language)")
      for file in files { try readTranslation(file, language, into: &texts) }
    }
    let rows = self.rows(packages, texts)
    var files = try ImportedRow.write(rows, to: folder)
    for (name, digest) in try writeParallel(packages, texts, to: folder) { files[name] = digest }
    let digest = FileDigest.sha256(
      of: Data(files.sorted { $0.key < $1.key }.map { $0.key + $0.value }.joined().utf8))
    try ImportManifest(
      importer: Self.name, source: "Debian package descriptions and their translations (DDTP)",
      version: "data \(digest.prefix(16))",
      licence: "the packages' own free licences; translations GPL-2+", parameters: parameters,
      rows: rows, files: files
    ).write(to: folder)
  }

  /// A package as the list describes it.
  struct Package: Equatable {
    var name: String
    var source: String
    var topic: String
    var digest: String
  }

  // MARK: Reading

  /// The fields of each paragraph of a control file; continuation lines keep their line breaks.
  static func paragraphs(_ path: String, _ body: ([String: String]) -> Void) throws {
    var fields: [String: String] = [:]
    var last = ""
    try TextLines(path).forEach { line, _ in
      if line.isEmpty {
        if !fields.isEmpty { body(fields) }
        fields = [:]
      } else if line.hasPrefix(" ") {
        fields[last, default: ""] += "\n" + line.dropFirst()
      } else if let colon = line.firstIndex(of: ":") {
        last = String(line[..<colon])
        fields[last] = line[line.index(after: colon)...].drop { $0 == " " }.description
      }
    }
    if !fields.isEmpty { body(fields) }
  }

  private func readPackages(_ path: String, into packages: inout [String: Package]) throws {
    let topics = Set(self.topics)
    try Self.paragraphs(path) { fields in
      guard let name = fields["Package"], let digest = fields["Description-md5"],
        let section = fields["Section"]?.split(separator: "/").last.map(String.init),
        topics.contains(section)
      else { return }
      let source = fields["Source"]?.split(separator: " ").first.map(String.init) ?? name
      let package = Package(name: name, source: source, topic: section, digest: digest)
      // One package per text: many binaries of a source share theirs.
      if let known = packages[digest], known.name <= name { return }
      packages[digest] = package
    }
  }

  private func readTranslation(
    _ path: String, _ language: String, into texts: inout [String: [String: String]]
  ) throws {
    try Self.paragraphs(path) { fields in
      guard let digest = fields["Description-md5"],
        let text = fields["Description-\(language)"]
      else { return }
      texts[language, default: [:]][digest] = text
    }
  }

  // MARK: Rows

  /// A description on one line, its package's names masked, paragraphs run together.
  static func text(_ description: String, _ package: Package) -> String {
    let words = paragraphs(of: description).joined(separator: " ")
    return masked(words, package)
  }

  /// The paragraphs of a description, the short one first.
  static func paragraphs(of description: String) -> [String] {
    var paragraphs: [[String]] = []
    for (number, line) in description.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let text = line.trimmingCharacters(in: .whitespaces)
      if text == "." || number <= 1 { paragraphs.append([]) }
      if text != ".", !text.isEmpty { paragraphs[paragraphs.count - 1].append(text) }
    }
    return paragraphs.map { $0.joined(separator: " ") }.filter { !$0.isEmpty }
  }

  /// Text without the names of its package and source, which would give the topic away and are the same in
  /// all languages; "this" reads as a word in their place to a model that never saw a mask.
  static func masked(_ text: String, _ package: Package) -> String {
    var result = text
    for name in Set([package.name, package.source]).sorted(by: { $0.utf8.count > $1.utf8.count })
    where name.utf8.count > 2 {
      result = result.replacingOccurrences(of: name, with: "this", options: .caseInsensitive)
    }
    return result.replacingOccurrences(of: "\t", with: " ")
  }

  private func share(_ source: String) -> Double {
    Double(stableHash(String(seed), source) >> 11) / Double(UInt64(1) << 53)
  }

  func rows(
    _ packages: [String: Package], _ texts: [String: [String: String]]
  ) -> [String: [String: [ImportedRow]]] {
    var result: [String: [String: [ImportedRow]]] = [:]
    let order = packages.values.sorted {
      let (left, right) = (stableHash(String(seed), $0.name), stableHash(String(seed), $1.name))
      return (left, $0.name) < (right, $1.name)
    }
    for language in languages {
      let isSource = language == "en"
      var splits: [String: [ImportedRow]] = [:]
      for package in order {
        guard let description = texts[language]?[package.digest] else { continue }
        // A description that nobody translated comes back in English.
        if !isSource, description == texts["en"]?[package.digest] { continue }
        let share = share(package.source)
        let split =
          share < shares.test
          ? "test" : isSource && share < shares.test + shares.dev ? "dev" : "train"
        let limit = split == "test" ? testLimit : isSource ? Int.max : trainLimit
        guard splits[split, default: []].count < limit else { continue }
        splits[split, default: []].append(
          ImportedRow(
            text: Self.text(description, package), label: package.topic, group: package.source))
      }
      if isSource || splits["test", default: []].count >= testMinimum {
        result[language] = splits
      }
    }
    return result
  }

  /// Paragraphs side by side, English first; a package whose numbers of paragraphs differ is left out.
  private func writeParallel(
    _ packages: [String: Package], _ texts: [String: [String: String]], to folder: URL
  ) throws -> [String: String] {
    let place = folder.appendingPathComponent("parallel")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    var digests: [String: String] = [:]
    for language in languages where language != "en" {
      var lines = "source\ttarget\tpackage\n"
      for package in packages.values.sorted(by: { $0.name < $1.name }) {
        // Test packages stay out: what is aligned must not be what is measured.
        guard share(package.source) >= shares.test,
          let english = texts["en"]?[package.digest],
          let other = texts[language]?[package.digest], other != english
        else { continue }
        let (left, right) = (Self.paragraphs(of: english), Self.paragraphs(of: other))
        guard left.count == right.count else { continue }
        for (source, target) in zip(left, right) {
          let pair = [source, target].map { Self.masked($0, package) }.joined(separator: "\t")
          lines += "\(pair)\t\(package.name)\n"
        }
      }
      let data = Data(lines.utf8)
      let name = "parallel/en-\(language).tsv"
      try data.write(to: folder.appendingPathComponent(name), options: .atomic)
      digests[name] = FileDigest.sha256(of: data)
    }
    return digests
  }
}
