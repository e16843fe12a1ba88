// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("DebianDescriptions")
struct DebianDescriptionsTests {
  /// Lists of 60 sources with two packages each, in two languages; every third translation is the English
  /// text again.
  private func fixture() throws -> (folder: TemporaryFolder, lists: DebianArchive.Lists) {
    let folder = try TemporaryFolder()
    var packages = ""
    var english = ""
    var german = ""
    for source in 0..<60 {
      for part in ["core", "data"] {
        let name = "prog\(["a", "b", "c", "d", "e", "f"][source % 6])\(source)x-\(part)"
        let digest = "\(source)\(part)"
        packages += """
          Package: \(name)
          Source: source\(Array("abcdefghij")[source / 6])\(Array("uvwxyz")[source % 6])
          Section: \(["games", "contrib/net", "libs"][source % 3])
          Description-md5: \(digest)


          """
        let text = """
          \(part) of number \(source)
           \(name) is a program for number \(source).
           .
           It has \(part) parts.
          """
        english += "Package: \(name)\nDescription-md5: \(digest)\nDescription-en: \(text)\n\n"
        let other =
          source % 5 == 0
          ? text
          : """
          \(part) von Nummer \(source)
           \(name) ist ein Programm für Nummer \(source).
           .
           Es hat \(part) Teile.
          """
        german += "Package: \(name)\nDescription-md5: \(digest)\nDescription-de: \(other)\n\n"
      }
    }
    return (
      folder,
      DebianArchive.Lists(
        packages: [try folder.write(packages, to: "lists/x_Packages")],
        translations: [
          ("en", [try folder.write(english, to: "lists/x_Translation-en")]),
          ("de", [try folder.write(german, to: "lists/x_Translation-de")]), ("fr", []),
        ])
    )
  }

  private var importer: DebianDescriptions {
    var importer = DebianDescriptions(seed: 3)
    importer.languages = ["en", "de", "fr"]
    importer.testMinimum = 5
    return importer
  }

  private func corpus(_ importer: DebianDescriptions) throws -> ImportedCorpus {
    let (folder, lists) = try fixture()
    defer { withExtendedLifetime(folder) {} }
    return importer.select(try importer.read(lists) { _ in }.packages)
  }

  @Test("joins, labels and masks")
  func rows() throws {
    let examples = try corpus(importer).examples
    #expect(examples.keys.sorted() == ["de", "en"])
    #expect(examples["en"]?.keys.sorted() == ["dev", "test", "train"])
    #expect(examples["en"]?.values.joined().count == 80)
    let all = examples.values.flatMap(\.values).joined()
    #expect(Set(all.compactMap(\.label)) == ["games", "net"])
    #expect(!all.contains { $0.text.contains("prog") && !$0.text.contains("rogram") })
    #expect(
      examples["de"]?.values.joined().contains {
        $0.text == "core von Nummer 1 this ist ein Programm für Nummer 1. Es hat core Teile."
      } == true)
  }

  @Test("leaves out translations that are the English text again")
  func untranslated() throws {
    let german = try corpus(importer).examples["de", default: [:]].values.joined()
    #expect(!german.contains { $0.text.contains("number") })
  }

  @Test("puts a source on one side, in every language", arguments: [1, 2, 3, 4] as [UInt64])
  func apart(_ seed: UInt64) throws {
    var importer = self.importer
    importer.seed = seed
    importer.testMinimum = 0
    var sides: [String: Set<String>] = [:]
    for splits in try corpus(importer).examples.values {
      for (split, examples) in splits {
        for example in examples { sides[example.group ?? "", default: []].insert(split) }
      }
    }
    #expect(sides.count == 40)
    #expect(sides.values.allSatisfy { $0.count == 1 })
  }

  @Test("keeps to its limits, and leaves out languages with little to test on")
  func limits() throws {
    var importer = self.importer
    importer.testLimit = 6
    importer.trainLimit = 4
    let counts = try corpus(importer).counts
    #expect(counts["de"]?["test"]?.values.reduce(0, +) == 6)
    #expect(counts["de"]?["train"]?.values.reduce(0, +) == 4)
    #expect(counts["de"]?["dev"] == nil)
    importer.testMinimum = 7
    #expect(try corpus(importer).examples.keys.sorted() == ["en"])
  }

  @Test("writes paragraphs side by side, none of a package that is tested")
  func parallel() throws {
    let (folder, lists) = try fixture()
    let importer = self.importer
    let place = folder.url.appendingPathComponent("out")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try importer.importData(from: lists, to: place) { _ in }
    var reader = ExampleReader()
    (reader.textColumn, reader.labelColumn, reader.groupColumn) = ("source", "target", "package")
    let pairs = try reader.read(folder.path("out/parallel/en-de.tsv"))
    let packages = try importer.read(lists) { _ in }.packages.packages.values
    let tested = Set(packages.filter { importer.split(of: $0) == "test" }.map(\.name))
    #expect(!tested.isEmpty)
    #expect(tested.isDisjoint(with: pairs.compactMap(\.group)))
    #expect(pairs.contains { $0.text == "It has core parts." && $0.label == "Es hat core Teile." })
  }

  @Test("gives the same bytes again, and a manifest that holds")
  func again() throws {
    let (folder, lists) = try fixture()
    for name in ["a", "b"] {
      let place = folder.url.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try importer.importData(from: lists, to: place) { _ in }
    }
    let first = try ImportManifest(contentsOf: folder.url.appendingPathComponent("a"))
    #expect(try ImportManifest(contentsOf: folder.url.appendingPathComponent("b")) == first)
    try first.verify(folder.url.appendingPathComponent("a"))
    #expect(
      first.inputs.keys.sorted() == ["x_Packages", "x_Translation-de", "x_Translation-en"])
    #expect(
      first.files.keys.sorted() == [
        "de/test.tsv", "de/train.tsv", "en/dev.tsv", "en/test.tsv", "en/train.tsv",
        "parallel/en-de.tsv",
      ])
  }

  @Test("says that the lists have nothing it can use")
  func nothing() throws {
    let (folder, lists) = try fixture()
    var importer = self.importer
    importer.topics = ["math"]
    #expect(throws: CorpusError.self) {
      try importer.importData(from: lists, to: folder.url) { _ in }
    }
  }
}
