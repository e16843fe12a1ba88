// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("ImportManifest")
struct ImportManifestTests {
  private func fixture() throws -> (folder: TemporaryFolder, manifest: ImportManifest) {
    let folder = try TemporaryFolder()
    let path = try folder.write("text\tlabel\n", to: "en/train.tsv")
    let file = try ImportManifest.File(URL(fileURLWithPath: path))
    let manifest = ImportManifest(
      importer: "own", source: "here", version: "1", licence: "CC0-1.0", parameters: ["seed": "1"],
      counts: ["en": ["train": ["x": 3]]], inputs: [:], files: ["en/train.tsv": file])
    return (folder, manifest)
  }

  @Test("is read as it was written, in the same bytes each time")
  func roundTrip() throws {
    let (folder, manifest) = try fixture()
    try manifest.write(to: folder.url)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("manifest.json")))
    let read = try ImportManifest(contentsOf: folder.url)
    #expect(read == manifest)
    try read.write(to: folder.url)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("manifest.json"))) == bytes)
    #expect(read.files["en/train.tsv"]?.size == 11)
  }

  @Test("finds a file that was changed or is gone")
  func verify() throws {
    let (folder, manifest) = try fixture()
    try manifest.verify(folder.url)
    try folder.write("text\tlabe1\n", to: "en/train.tsv")
    let changed = #expect(throws: CorpusError.self) { try manifest.verify(folder.url) }
    #expect(changed?.code == .download)
    try FileManager.default.removeItem(atPath: folder.path("en/train.tsv"))
    let gone = #expect(throws: CorpusError.self) { try manifest.verify(folder.url) }
    #expect(gone?.file == folder.path("en/train.tsv"))
  }

  @Test("is missed where there is none")
  func missing() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: CorpusError.self) { try ImportManifest(contentsOf: folder.url) }
    #expect(error?.file == folder.path("manifest.json"))
  }

  @Test("belongs to an importer that can be found by name")
  func importers() throws {
    for (name, _) in Importers.all {
      #expect(type(of: try Importers.named(name, seed: 4)).name == name)
      #expect(try Importers.named(name, seed: 4).parameters["seed"] == "4")
    }
    let error = #expect(throws: CorpusError.self) { try Importers.named("none") }
    #expect(error?.expected?.contains("debian-descriptions") == true)
  }
}
