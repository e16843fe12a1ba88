// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

/// Ranking sources and aligning words as a user does, on a tiny encoder and a few made-up sentences.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct SourcesCommandTests {
  private let world: TinyWorld

  init() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    self.world = world
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func rank(_ more: [String]) -> [String] {
    [
      "rank-sources", "--base", world.model.path, "--prefix", "none", "--no-typology",
      "--threads", "1",
    ] + more
  }

  @Test("sources are ranked with reasons and risks, and a probe says whether the ranking holds")
  func ranks() async throws {
    let sources = [
      "--target", "cc=\(path("data/cc/test.tsv"))", "--sources",
      "aa=\(path("data/aa/train.tsv"))", "\(path("data/bb/train.tsv"))=bb",
    ]
    let table = try await Program.run(
      rank(sources + ["--probe", "--development", path("data/cc/test.tsv")]))
    try #require(table.status == 0, "\(table.errors)")
    #expect(table.output.contains("ranked without typology"))
    #expect(table.output.contains("! only"))
    #expect(table.output.contains("the ranking holds") || table.output.contains("does not hold"))
    let json = try await Program.run(rank(sources + ["--json", "--limit", "1"]))
    #expect(json.output.contains("\"version\":\"koine.sources/v1\""))
    #expect(json.output.components(separatedBy: "\"rank\":").count == 2)
    let again = try await Program.run(rank(sources + ["--json", "--limit", "1"]))
    #expect(again.output == json.output)
  }

  @Test("a target's own language is no source, and one source is none to rank")
  func refuses() async throws {
    let alone = try await Program.run(
      rank([
        "--target", "aa=\(path("data/aa/test.tsv"))", "--sources",
        "aa=\(path("data/aa/train.tsv"))", "bb=\(path("data/bb/train.tsv"))",
      ]))
    #expect(alone.status == 65)
    #expect(alone.errors.contains("expected at least two sources"))
    let probe = try await Program.run(
      rank(["--target", "aa=x", "--sources", "bb=y", "--probe"]))
    #expect(probe.status == 64)
  }

  @Test("words are aligned, a kept model says the same, and references measure it")
  func aligns() async throws {
    let nouns = [("house", "domus"), ("dog", "canis"), ("tree", "arbor"), ("road", "via")]
    let verbs = [("stands", "stat"), ("waits", "manet"), ("falls", "cadit")]
    var lines = ""
    for noun in nouns {
      for verb in verbs { lines += "\(noun.0) \(verb.0) ||| \(noun.1) \(verb.1)\n" }
    }
    try world.write(lines, "pairs.txt")
    try world.write(String(repeating: "0-0 1-1\n", count: 12), "gold.txt")
    let learnt = try await Program.run(
      ["align-words", path("pairs.txt"), "--save", path("model"), "--threads", "1"])
    try #require(learnt.status == 0, "\(learnt.errors)")
    #expect(learnt.output == String(repeating: "0-0 1-1\n", count: 12))
    let loaded = try await Program.run(
      ["align-words", path("pairs.txt"), "--load", path("model"), "--threads", "2"])
    #expect(loaded.output == learnt.output)
    let measured = try await Program.run(
      ["align-words", path("pairs.txt"), "--evaluate", path("gold.txt"), "--json"])
    #expect(measured.output.contains("\"aer\":0.0"))
    let alike = try await Program.run([
      "align-words", path("pairs.txt"), "--similarity", "match", "--base", world.model.path,
    ])
    #expect(alike.status == 0, "\(alike.errors)")
    #expect(alike.output.split(separator: "\n").count == 12)
    try world.write("0-0 1-9\n", "bad.txt")
    let outside = try await Program.run(
      ["align-words", path("pairs.txt"), "--evaluate", path("bad.txt")])
    #expect(outside.status == 65)
    #expect(outside.errors.contains("bad.txt:1: the link 1-9 is outside its pair"))
  }
}
