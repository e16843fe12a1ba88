// SPDX-License-Identifier: Apache-2.0

import Foundation

extension DebianDescriptions {
  /// Chooses the rows of each language and splits them.
  func select(_ packages: DescribedPackages) -> ImportedCorpus {
    let order = packages.packages.values.map { (stableHash(String(seed), $0.name), $0) }
      .sorted { ($0.0, $0.1.name) < ($1.0, $1.1.name) }.map(\.1)
    var corpus = ImportedCorpus()
    for language in languages {
      let splits = splits(packages, order, language)
      let isTestable = splits["test", default: []].count >= testMinimum
      if language == "en" || isTestable { corpus.examples[language] = splits }
    }
    return corpus
  }

  /// The split that a package's source puts it in, in every language.
  ///
  /// Languages other than the source have no "dev": their rows of it are left out, since no setting may be
  /// chosen on them.
  func split(of package: DebianPackage) -> String {
    let share = stableShare(seed, package.family)
    if share < shares.test { return "test" }
    return share < shares.test + shares.dev ? "dev" : "train"
  }

  private func splits(
    _ packages: DescribedPackages, _ order: [DebianPackage], _ language: String
  ) -> [String: [Example]] {
    let isSource = language == "en"
    var splits: [String: [Example]] = [:]
    // Packages of one family often share their words; the same words never come twice.
    var seen: Set<String> = []
    for package in order {
      let split = split(of: package)
      let limit = split == "test" ? testLimit : isSource ? .max : split == "dev" ? 0 : trainLimit
      guard splits[split, default: []].count < limit,
        let description = packages.description(of: package, in: language)
      else { continue }
      let text = NameMask(package)(description.text)
      guard seen.insert(text).inserted else { continue }
      splits[split, default: []].append(
        Example(text: text, label: package.section, group: package.source))
    }
    return splits
  }

  /// Writes paragraphs side by side, English first, for each language that was kept.
  ///
  /// A description whose numbers of paragraphs differ is left out, and so is every package that is tested:
  /// what is aligned must not be what is measured.
  func writeParallel(
    _ packages: DescribedPackages, _ corpus: ImportedCorpus, to folder: URL
  ) throws -> [String: ImportManifest.File] {
    let order = packages.packages.values.filter { split(of: $0) != "test" }
      .sorted { $0.name < $1.name }
    var files: [String: ImportManifest.File] = [:]
    for language in corpus.examples.keys.sorted() where language != "en" {
      let name = "parallel/en-\(language).tsv"
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      let writer = try AtomicFile(file.path)
      try writer.write("source\ttarget\tpackage\n")
      for package in order {
        guard let english = packages.description(of: package, in: "en")?.paragraphs,
          let other = packages.description(of: package, in: language)?.paragraphs,
          english.count == other.count
        else { continue }
        let mask = NameMask(package)
        for (source, target) in zip(english, other) where source != target {
          try writer.write("\(mask(source))\t\(mask(target))\t\(package.name)\n")
        }
      }
      try writer.commit()
      files[name] = try ImportManifest.File(file)
    }
    return files
  }
}
