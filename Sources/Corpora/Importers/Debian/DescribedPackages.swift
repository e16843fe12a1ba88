// SPDX-License-Identifier: Apache-2.0

/// Packages and their descriptions in every language, joined by the digest of the English text.
struct DescribedPackages {
  /// One package for each digest: of several that share a text, the first by name.
  private(set) var packages: [String: DebianPackage] = [:]
  /// Descriptions by language, then by digest.
  private(set) var descriptions: [String: [String: String]] = [:]

  /// Reads a list of packages, of which it keeps those in some sections.
  mutating func readPackages(_ path: String, sections: Set<String>) throws(CorpusError) {
    let file = try ControlFile(
      path, fields: ["Package", "Source", "Section", "Description-md5"])
    while let paragraph = try file.next() {
      guard let package = DebianPackage(paragraph), sections.contains(package.section) else {
        continue
      }
      if let known = packages[package.digest], known.name <= package.name { continue }
      packages[package.digest] = package
    }
  }

  /// Reads the descriptions of the packages that are known, in a language as Debian names it.
  mutating func readTranslations(_ path: String, language: String) throws(CorpusError) {
    let field = "Description-\(language)"
    let file = try ControlFile(path, fields: ["Description-md5", field])
    while let paragraph = try file.next() {
      guard let digest = paragraph["Description-md5"], let text = paragraph[field],
        packages[digest] != nil
      else { continue }
      descriptions[language, default: [:]][digest] = text
    }
  }

  /// A package's description in a language; nil where it has none, or the English one in its place.
  func description(of package: DebianPackage, in language: String) -> PackageDescription? {
    guard let text = descriptions[language]?[package.digest],
      language == "en" || text != descriptions["en"]?[package.digest]
    else { return nil }
    return PackageDescription(text)
  }
}
