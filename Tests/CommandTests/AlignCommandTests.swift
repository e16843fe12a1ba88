// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

/// From pairs of texts to a base that finds translations, on a tiny encoder.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct AlignCommandTests {
  private let world: TinyWorld

  init() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    self.world = world
    let words = ["sun", "sea", "sand", "ice", "snow", "frost"]
    var (sources, targets, table) = ("", "", "source\ttarget\tlang\n")
    for one in words {
      for other in words {
        let target = "\(String(one.reversed())) \(String(other.reversed()))"
        sources += "\(one) \(other)\n"
        targets += target + "\n"
        table += "\(one) \(other)\t\(target)\tbb\n"
      }
    }
    try world.write(sources, "aa.txt")
    try world.write(targets, "bb.txt")
    try world.write(table, "pairs.tsv")
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func align(_ pairs: String, _ output: String, _ more: [String] = []) -> [String] {
    [
      "align", "--pairs", pairs, "--base", world.model.path, "--output", path(output),
      "--threads", "1", "--batch-size", "8", "--rate", "5e-3",
    ] + more
  }

  @Test("the base itself is moved and finds translations that it did not find")
  func whole() async throws {
    let trained = try await Program.run(
      align(
        path("pairs.tsv"), "base2",
        [
          "--method", "full", "--epochs", "40", "--objective", "contrastive=1:0.5",
          "--learn-sources",
          "--json",
        ]))
    try #require(trained.status == 0, "\(trained.errors)")
    #expect(trained.output.contains("\"contrastive=1.0:0.5\""))
    #expect(trained.output.contains("\"effectiveRank\""))
    func found(_ base: String) async throws -> Double {
      let said = try await Program.run([
        "retrieve", "--base", base, "--queries", path("bb.txt") + "=bb", "--documents",
        path("aa.txt") + "=aa", "--evaluate", "--resamples", "0",
      ])
      try #require(said.status == 0, "\(said.errors)")
      let line = try #require(said.output.split(separator: "\n").first { $0.contains("P@1\t") })
      return try #require(Double(line.split(separator: "\t")[2]))
    }
    let (before, after) = (try await found(world.model.path), try await found(path("base2")))
    #expect(after > before + 0.1, "\(before) \(after)")
  }

  @Test("an adapter is trained from two files, and a language's space is told")
  func adapter() async throws {
    let trained = try await Program.run(
      align(
        "\(path("aa.txt")),\(path("bb.txt"))=bb", "aligned",
        [
          "--steps", "4", "--objective", "pivot", "--freeze-sources", "--part-size", "3",
          "--development", path("pairs.tsv"),
        ]))
    #expect(trained.status == 65, "pairs that are all held out leave none: \(trained.errors)")
    let some = try await Program.run(
      align(
        "\(path("aa.txt")),\(path("bb.txt"))=bb", "aligned",
        ["--steps", "4", "--objective", "pivot", "--freeze-sources", "--part-size", "3"]))
    try #require(some.status == 0, "\(some.errors)")
    #expect(some.output.contains("found before") && some.output.contains("bb"))
    let files = FileManager.default
    #expect(files.fileExists(atPath: path("aligned/adapter_config.json")))
    func found(_ more: [String]) async throws -> String {
      let said = try await Program.run(
        [
          "retrieve", "--base", world.model.path, "--queries", path("bb.txt"), "--documents",
          path("aa.txt"), "--document-prefix", "query", "--evaluate", "--resamples", "0",
        ] + more)
      try #require(said.status == 0, "\(said.errors)")
      return said.output
    }
    let (plain, moved) = (try await found([]), try await found(["--query-below", path("aligned")]))
    #expect(plain != moved && moved.contains("F1\t"))
    let left = try files.contentsOfDirectory(atPath: world.folder.path)
    #expect(!left.contains { $0.contains("checkpoints") })
    let words = try await Program.run(
      align(
        "\(path("aa.txt")),\(path("bb.txt"))=bb", "words",
        ["--steps", "2", "--objective", "contrastive", "--objective", "words=0.5"]))
    #expect(words.status == 0, "\(words.errors)")
    #expect(files.fileExists(atPath: path("words/adapter_config.json")))
  }

  @Test("mistakes are refused with a sentence")
  func mistakes() async throws {
    for (pairs, more, status, sentence) in [
      (path("pairs.tsv"), ["--objective", "contrast"], 64, "is one of contrastive, pivot"),
      (path("pairs.tsv"), ["--objective", "words=x"], 64, "the weight in the term"),
      (path("pairs.tsv"), ["--objective", "pivot=-1"], 64, "the weight in the term"),
      (path("pairs.tsv"), ["--objective", "agreement"], 64, "needs --dropout"),
      (path("pairs.tsv"), ["--method", "full", "--freeze-sources"], 64, "is for adapters"),
      (path("pairs.tsv"), ["--method", "head"], 64, "no head"),
      (path("aa.txt") + "=", [], 64, "the language of the pairs is missing"),
      (path("no.tsv") + "=bb", [], 65, "cannot be read"),
      ("\(path("aa.txt")),\(path("pairs.tsv"))", [], 65, "same number of lines"),
      ("\(path("aa.txt")),\(path("bb.txt"))", [], 65, "the pair's language is not known"),
    ] {
      let said = try await Program.run(align(pairs, "out", more))
      #expect(said.status == Int32(status), "\(sentence): \(said.status) \(said.errors)")
      #expect(said.errors.contains(sentence), "\(said.errors)")
      #expect(!FileManager.default.fileExists(atPath: path("out")))
    }
    let base = try await Program.run(
      align(path("pairs.tsv"), "base", ["--method", "full", "--steps", "1"]))
    #expect(base.status == 65 && base.errors.contains("what is learned from"), "\(base.errors)")
  }
}
