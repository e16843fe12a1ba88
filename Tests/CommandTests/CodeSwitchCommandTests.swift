// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

/// From labelled text of one language and a dictionary to text to learn from in another, by the program.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct CodeSwitchCommandTests {
  private let world: TinyWorld

  init() throws {
    world = try TinyWorld()
    try world.write(
      "id\ttext\tlabel\n1\tThe sun is red\tsky\n2\tnothing\tsea\n3\tIce, sun\tsea\n", "en.tsv")
    try world.write("sun\tSonne\nred\trot\nice\tEis\nsun\tсолнце\n", "german.txt")
    try world.write("source\ttarget\nsun\tsol\n", "spa_Latn.tsv")
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: path(name), encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test("texts keep labels and sources; those of which nothing was replaced are left out")
  func switches() async throws {
    let done = try await Program.run([
      "data", "code-switch", path("en.tsv"), "--dictionary", path("german.txt=deu_Latn"),
      "--dictionary", path("{lang}.tsv"), "--originals", "en", "--output", path("out.tsv"),
    ])
    // The pattern also fits the texts themselves, which are no dictionary.
    #expect(done.status == 65 && done.errors.contains("source"), "\(done.errors)")
    #expect(!FileManager.default.fileExists(atPath: path("out.tsv")))
    let good = try await Program.run([
      "data", "code-switch", path("en.tsv"), "--dictionary", path("german.txt=deu_Latn"),
      "--dictionary", path("spa_Latn.tsv=spa_Latn"), "--originals", "en", "--output",
      path("out.tsv"), "--json",
    ])
    try #require(good.status == 0, "\(good.errors)")
    #expect(good.output.contains("\"otherScripts\" : 1"))
    #expect(
      try lines("out.tsv") == [
        "id\ttext\tpair\tlabel\tlang",
        "1\tThe sun is red\tThe sun is red\tsky\ten",
        "2\tnothing\tnothing\tsea\ten",
        "3\tIce, sun\tIce, sun\tsea\ten",
        "1\tThe Sonne is rot\tThe sun is red\tsky\tdeu_Latn",
        "3\tEis, Sonne\tIce, sun\tsea\tdeu_Latn",
        "1\tThe sol is red\tThe sun is red\tsky\tspa_Latn",
        "3\tIce, sol\tIce, sun\tsea\tspa_Latn",
      ])
  }

  @Test("what was switched is text to align with")
  func aligns() async throws {
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    let words = ["sun", "sea", "sand", "ice", "snow", "frost"]
    try world.write(
      "text\n" + words.flatMap { a in words.map { "\(a) \($0)\n" } }.joined(), "words.tsv")
    try world.write(words.map { "\($0)\t\(String($0.reversed()))\n" }.joined(), "back.txt")
    let switched = try await Program.run([
      "data", "code-switch", path("words.tsv"), "--dictionary", path("back.txt=deu_Latn"),
      "--output", path("pairs.tsv"),
    ])
    try #require(switched.status == 0, "\(switched.errors)")
    let arguments = [
      "align", "--pairs", path("pairs.tsv"), "--base", world.model.path, "--output",
      path("aligned"), "--threads", "1", "--batch-size", "8", "--steps", "2",
    ]
    let wrong = try await Program.run(arguments)
    #expect(wrong.status == 65 && wrong.errors.contains("'source'"), "\(wrong.errors)")
    let right = try await Program.run(
      arguments + ["--source-column", "pair", "--target-column", "text"])
    try #require(right.status == 0, "\(right.errors)")
    #expect(right.output.contains("deu_Latn"))
  }

  @Test(
    "mistakes are told in a sentence",
    arguments: [
      (["--dictionary", "german.txt"], 65, "language"),
      (["--dictionary", "german.txt=heb_Hebr"], 65, "translations in other scripts"),
      (["--dictionary", "german.txt=deu", "--rate", "0"], 64, "--rate"),
      (["--dictionary", "absent.txt=deu"], 65, "there is no such file"),
      ([], 64, "--dictionary"),
    ])
  func mistakes(more: [String], status: Int, sentence: String) async throws {
    let more = more.map { $0.contains(".txt") ? path($0) : $0 }
    let done = try await Program.run(
      ["data", "code-switch", path("en.tsv"), "--output", path("out.tsv")] + more)
    #expect(Int(done.status) == status && done.errors.contains(sentence), "\(done.errors)")
    #expect(!FileManager.default.fileExists(atPath: path("out.tsv")))
  }
}
