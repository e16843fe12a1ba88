// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The package lists of the machine's Debian archives, fetched into folders of Koine's own.
///
/// The machine's own package state is neither read nor changed, so no special rights are needed.
struct DebianArchive {
  /// Files that apt left.
  struct Lists {
    /// `Packages` files.
    var packages: [String]
    /// `Translation-xx` files by language, in the order asked for.
    var translations: [(language: String, files: [String])]
  }

  /// The languages to ask for, as Debian names them.
  let languages: [String]

  /// Fetches the lists, or finds them in the cache.
  func lists(progress: (String) -> Void) throws -> Lists {
    let key = FileDigest.sha256(of: Data(languages.joined(separator: ",").utf8)).prefix(8)
    let folder = try Cache.folder("debian/lists-\(key)") { folder in
      progress("fetching package lists with apt-get")
      for name in ["lists/partial", "cache/archives/partial"] {
        try FileManager.default.createDirectory(
          at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      }
      try ChildProcess(
        "apt-get",
        [
          "-q", "-o", "Acquire::Languages=\(languages.joined(separator: ","))",
          "-o", "Dir::State::Lists=\(folder.path)/lists", "-o", "Dir::Cache=\(folder.path)/cache",
          "-o", "Acquire::GzipIndexes=false", "-o", "APT::Sandbox::User=", "update",
        ]
      ).run()
      try FileManager.default.removeItem(at: folder.appendingPathComponent("cache"))
    }
    let lists = folder.appendingPathComponent("lists").path
    let names = try FileManager.default.contentsOfDirectory(atPath: lists).sorted()
    func files(_ suffix: String) -> [String] {
      names.filter { $0.hasSuffix(suffix) }.map { "\(lists)/\($0)" }
    }
    let found = Lists(
      packages: files("_Packages"),
      // apt writes an underscore inside a name as %5f.
      translations: languages.map {
        ($0, files("_Translation-" + $0.replacingOccurrences(of: "_", with: "%5f")))
      })
    guard !found.packages.isEmpty, found.translations.contains(where: { !$0.files.isEmpty }) else {
      throw CorpusError(
        .download,
        "apt-get fetched no package lists with translations; are Debian archives in its sources?",
        at: lists)
    }
    return found
  }
}
