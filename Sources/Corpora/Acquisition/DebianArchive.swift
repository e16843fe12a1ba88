// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The package lists of the machine's Debian archives, fetched into folders of Koine's own.
///
/// Only the machine's list of archives is read; its package state is neither read nor changed, so no
/// special rights are needed.
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
  ///
  /// - Throws: `CorpusError.Code.program` where apt-get is missing or fails, `.download` where the archives
  ///   have no translations.
  func lists(progress: (String) -> Void) throws -> Lists {
    let key = FileDigest.sha256(of: Data(languages.joined(separator: ",").utf8)).prefix(8)
    let folder = try Cache.folder("debian/lists-\(key)", progress: progress) { folder in
      progress("fetching package lists with apt-get")
      for name in ["lists/partial", "cache/archives/partial"] {
        try FileManager.default.createDirectory(
          at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      }
      let configuration = folder.appendingPathComponent("apt.conf")
      try Data(self.configuration(for: folder).utf8).write(to: configuration)
      try ChildProcess.run(
        "apt-get", ["-q", "-c", configuration.path, "update"], environment: ["LC_ALL": "C.UTF-8"],
        hint: "this import needs Debian, or a system derived from it")
      try FileManager.default.removeItem(at: folder.appendingPathComponent("cache"))
      _ = try found(in: folder)
    }
    return try found(in: folder)
  }

  /// The lists in a folder.
  func found(in folder: URL) throws(CorpusError) -> Lists {
    let place = folder.appendingPathComponent("lists").path
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted()
    func files(_ suffix: String) -> [String] {
      names.filter { $0.hasSuffix(suffix) }.map { "\(place)/\($0)" }
    }
    let lists = Lists(
      packages: files("_Packages"),
      // apt writes an underscore inside a name as %5f.
      translations: languages.map {
        ($0, files("_Translation-" + $0.replacingOccurrences(of: "_", with: "%5f")))
      })
    guard !lists.packages.isEmpty, lists.translations.contains(where: { !$0.files.isEmpty }) else {
      throw CorpusError(
        .download, "apt-get fetched no package lists with translations",
        hint: "check the network, and that apt's sources name Debian archives", at: place)
    }
    return lists
  }

  /// What keeps apt-get's state in a folder, and its lists readable.
  ///
  /// A file, since only there can hooks of the machine be cleared: some empty its package cache.
  private func configuration(for folder: URL) -> String {
    """
    #clear Acquire::Languages;
    Acquire::Languages "\(languages.joined(separator: ","))";
    Acquire::GzipIndexes "false";
    Dir::State::Lists "\(folder.path)/lists";
    Dir::Cache "\(folder.path)/cache";
    // As root apt-get would fetch as a user of its own, to whom the folder may be closed.
    APT::Sandbox::User "";
    #clear APT::Update::Pre-Invoke;
    #clear APT::Update::Post-Invoke;
    #clear APT::Update::Post-Invoke-Success;

    """
  }
}
