// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

/// From unlabelled text to a task's answers in a language that no label was read of, on a tiny encoder.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct PretrainCommandTests {
  private let world: TinyWorld

  init() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder, hasMask: true) }
    self.world = world
    try world.write("aa sun\nsun sea aa\naa sea\nsea sun\n", "aa.txt")
    try world.write("bb sun\nsea bb\n\nbb sea sun bb\n", "bb.txt")
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  private func pretrain(_ text: String, _ output: String, _ more: [String] = []) -> [String] {
    [
      "pretrain", "--train", path(text), "--base", world.model.path, "--output", path(output),
      "--threads", "1", "--batch-size", "2", "--steps", "3",
    ] + more
  }

  @Test("pairs teach by what the other text says, beside lines or alone")
  func parallel() async throws {
    try world.write("source\ttarget\naa sun sea\tbb sun sea\naa ice\tbb ice\n", "pairs.tsv")
    let both = try await Program.run(
      pretrain("aa.txt", "both", ["--parallel", path("pairs.tsv"), "--method", "lora", "--json"]))
    try #require(both.status == 0, "\(both.errors)")
    #expect(both.output.contains("\"rows\" : 6"))
    #expect(both.errors.contains("6 lines and pairs"))
    // Line n beside line n.
    try world.write("bb sun\nsun sea bb\nbb sea\nsea sun\n", "bb-of-aa.txt")
    let alone = try await Program.run(
      pretrain("aa.txt", "alone", ["--parallel", path("aa.txt") + "," + path("bb-of-aa.txt")])
        .filter {
          $0 != "--train" && $0 != path("aa.txt")
        })
    try #require(alone.status == 0, "\(alone.errors)")
    #expect(alone.errors.contains("4 rows"))
    let anchored = try await Program.run(
      pretrain("aa.txt", "x", ["--parallel", path("pairs.tsv"), "--anchor", "1"]))
    #expect(anchored.status == 64 && anchored.errors.contains("leave --parallel out"))
    let absent = try await Program.run(
      pretrain("aa.txt", "x", ["--parallel", path("absent.tsv")]))
    #expect(absent.status != 0 && absent.errors.contains("absent.tsv"))
  }

  @Test("a task's adapter is tuned above one language's and answers above another's")
  func stacked() async throws {
    let first = try await Program.run(
      pretrain("aa.txt", "languages/aa", ["--development", path("bb.txt"), "--json"]))
    try #require(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("\"rows\" : 4") && first.output.contains("\"after\""))
    #expect(has("languages/aa/adapter_config.json"))
    let second = try await Program.run(
      pretrain("bb.txt", "languages/bb", ["--head", path("languages/aa"), "--keep-head"]))
    try #require(second.status == 0, "\(second.errors)")
    // The head of one language, left as it is, is that of the other.
    let file = "language_head.safetensors"
    #expect(
      try Data(contentsOf: world.folder.appendingPathComponent("languages/aa/\(file)"))
        == Data(contentsOf: world.folder.appendingPathComponent("languages/bb/\(file)")))

    let tuned = try await Program.run([
      "tune", "classification", "--train", path("data/aa/train.tsv"), "--base", world.model.path,
      "--prefix", "none", "--method", "pfeiffer", "--steps", "2", "--threads", "1", "--output",
      path("out"), "--below", path("languages/aa"),
    ])
    try #require(tuned.status == 0, "\(tuned.errors)")
    func answers(_ below: [String]) async throws -> String {
      let said = try await Program.run(["predict", path("out"), path("data/bb/test.tsv")] + below)
      try #require(said.status == 0, "\(said.errors)")
      return said.output
    }
    let plain = try await answers([])
    #expect(try await answers(["--below", path("languages/aa")]) == plain)
    #expect(try await answers(["--below", path("languages/bb")]) != plain)
    let two = try await Program.run([
      "predict", path("out"), path("data/bb/test.tsv"), "--below", path("languages/aa"), "--below",
      path("languages/bb"),
    ])
    #expect(two.status == 65 && two.errors.contains("the lowest adapter"), "\(two.errors)")
    let missing = try await Program.run([
      "evaluate", path("out"), path("data/bb/test.tsv"), "--below", path("languages/cc"),
    ])
    #expect(missing.status == 65 && missing.errors.contains("languages/cc"), "\(missing.errors)")
  }

  @Test("the base itself goes on learning and is a base as any other", arguments: ["full", "head"])
  func whole(_ method: String) async throws {
    let trained = try await Program.run(pretrain("aa.txt", "base2", ["--method", method]))
    try #require(trained.status == 0, "\(trained.errors)")
    let tuned = try await Program.run([
      "tune", "classification", "--train", path("data/aa/train.tsv"), "--base", path("base2"),
      "--prefix", "none", "--method", "head", "--steps", "1", "--threads", "1", "--output",
      path("out"),
    ])
    #expect(tuned.status == 0, "\(tuned.errors)")
    let again = try await Program.run(
      pretrain("bb.txt", "base3", ["--method", method]).map {
        $0 == world.model.path ? path("base2") : $0
      })
    // The head was kept with the base.
    #expect(again.status == 0 && !again.errors.contains("a fresh one"), "\(again.errors)")
  }

  @Test("languages of files are evened out and have noise of their own")
  func languages() async throws {
    let two = [
      "--train", "bb=" + path("bb.txt"), "--temperature", "5", "--mask-rates", "aa=0.5,bb=0.25",
      "--development", "bb=" + path("bb.txt"), "--method", "lora",
    ]
    func named(_ output: String, _ more: [String]) -> [String] {
      pretrain("aa.txt", output, more).map { $0 == path("aa.txt") ? "aa=\($0)" : $0 }
    }
    let trained = try await Program.run(named("both", two))
    try #require(trained.status == 0, "\(trained.errors)")
    #expect(
      trained.errors.contains("rows of languages: aa 4 (50 % hidden), bb 3 (25 % hidden)"),
      "\(trained.errors)")
    let json = try await Program.run(named("again", two + ["--json"]))
    struct Summary: Decodable {
      struct Share: Decodable {
        var language: String
        var rows: Int
        var maskRate: Double
      }
      var languages: [Share]
    }
    let summary = try JSONDecoder().decode(Summary.self, from: Data(json.output.utf8))
    #expect(summary.languages.map(\.language) == ["aa", "bb"])
    #expect(summary.languages.map(\.maskRate) == [0.5, 0.25])
    // A pattern names languages too.
    try world.write("aa sun\n", "texts/aa.txt")
    try world.write("bb sea\nbb sun\n", "texts/bb.txt")
    let pattern = try await Program.run(
      pretrain("texts/{lang}.txt", "pattern", ["--temperature", "2"]))
    try #require(pattern.status == 0, "\(pattern.errors)")
    #expect(pattern.errors.contains("rows of languages: aa 1 ("), "\(pattern.errors)")

    for (arguments, status, text) in [
      (named("x", ["--mask-rates", "aa=2"]), 64, "found 'aa=2'"),
      (named("x", ["--mask-rates", "aa=0.1,aa=0.2"]), 64, "twice"),
      (named("x", ["--mask-rates", "cc=0.1"]), 65, "no text of it to learn from"),
      (named("x", ["--temperature", "0.5"]), 64, "--temperature must be at least 1"),
      (named("x", ["--temperature", "3"]), 65, "evens out languages"),
      (named("x", ["--objective", "causal", "--mask-rates", "aa=0.1"]), 64, "--mask-rates"),
      (pretrain("aa.txt", "x", ["--train", "bb=" + path("nowhere.txt")]), 65, "nowhere.txt"),
    ] {
      let said = try await Program.run(arguments)
      #expect(said.status == Int32(status) && said.errors.contains(text), "\(said.errors)")
    }
    #expect(!has("x"))
  }

  @Test(
    "languages, their noise and their temperature decide which checkpoint a training goes on from")
  func identity() async throws {
    /// The folders of checkpoints after a training that was killed.
    func killed(_ more: [String]) async throws -> Set<String> {
      let arguments = pretrain("aa.txt", "x", ["--train", "bb=" + path("bb.txt")] + more).map {
        $0 == "3" ? "100000" : $0
      }
      let program = try Program(arguments + ["--checkpoint-interval", "1"])
      let line = try await program.waitForLine(containing: "steps/s")
      program.send(SIGKILL)
      _ = try await program.outcome()
      try #require(line != nil)
      let names = try FileManager.default.contentsOfDirectory(atPath: world.folder.path)
      return Set(names.filter { $0.hasPrefix(".x.checkpoints-") })
    }
    let first = try await killed([])
    #expect(first.count == 1)
    #expect(try await killed([]) == first)
    let noise = try await killed(["--mask-rates", "bb=0.5"])
    #expect(noise.count == 2)
    let even = try await killed(["--temperature", "2"])
    #expect(even.count == 3)
    let spans = try await killed(["--objective", "spans"])
    #expect(spans.count == 4)
    // The same file as text of another language.
    let other = try await killed(["--train", "cc=" + path("bb.txt")])
    #expect(other.count == 5 && other.isSuperset(of: spans))
  }

  @Test("stretches are hidden together, also of pairs and in whole words")
  func spans() async throws {
    try world.write("source\ttarget\naa sun sea\tbb sun sea\naa ice\tbb ice\n", "pairs.tsv")
    let trained = try await Program.run(
      pretrain(
        "aa.txt", "spans",
        [
          "--objective", "spans", "--whole-words", "--span-length", "2", "--mask-rate", "0.4",
          "--parallel", path("pairs.tsv"), "--development", path("bb.txt"),
        ]))
    try #require(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("hidden pieces of the development text"))
    for (more, status, name) in [
      (["--span-length", "3"], 64, "--objective spans"),
      (["--objective", "spans", "--span-length", "9"], 65, "below 5.5"),
      (["--objective", "causal", "--span-length", "3"], 64, "--span-length"),
    ] {
      let said = try await Program.run(pretrain("aa.txt", "x", more))
      #expect(said.status == Int32(status) && said.errors.contains(name), "\(said.errors)")
    }
  }

  @Test("next pieces are guessed without a mask, and what says how to hide is refused")
  func causal() async throws {
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    let causal = ["--objective", "causal"]
    let trained = try await Program.run(
      pretrain("aa.txt", "base2", causal + ["--method", "full", "--development", path("bb.txt")]))
    try #require(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("next pieces of the development text"), "\(trained.errors)")
    let again = try await Program.run(
      pretrain("bb.txt", "languages/bb", causal).map {
        $0 == world.model.path ? path("base2") : $0
      })
    #expect(again.status == 0 && !again.errors.contains("a fresh one"), "\(again.errors)")
    #expect(has("languages/bb/adapter_config.json"))
    for (more, name) in [
      (["--mask-rate", "0.2"], "--mask-rate"), (["--whole-words"], "--whole-words"),
      (["--anchor", "1"], "--anchor"), (["--parallel", path("pairs.tsv")], "--parallel"),
    ] {
      let said = try await Program.run(pretrain("aa.txt", "x", causal + more))
      #expect(said.status == 64 && said.errors.contains(name), "\(said.errors)")
    }
    let unknown = try await Program.run(pretrain("aa.txt", "x", ["--objective", "guessing"]))
    #expect(unknown.status == 64 && unknown.errors.contains("guessing"))
    #expect(!has("x"))
  }

  @Test("an encoder-decoder writes what was taken out of text, and is one as any other")
  func sequences() async throws {
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeSequenceModel(in: folder) }
    func spans(_ output: String, _ more: [String] = []) -> [String] {
      pretrain("aa.txt", output, ["--objective", "spans"] + more).map {
        $0 == world.model.path ? path("t5") : $0
      }
    }
    let trained = try await Program.run(
      spans(
        "t5-full",
        [
          "--method", "full", "--train", "bb=" + path("bb.txt"), "--temperature", "2",
          "--mask-rates", "bb=0.4", "--development", path("bb.txt"), "--span-length", "2",
        ]))
    try #require(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("rows of languages: unnamed 4"), "\(trained.errors)")
    #expect(trained.errors.contains("of the development text: perplexity"), "\(trained.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: path("t5-full")).sorted()
    #expect(names == ["config.json", "model.safetensors", "tokenizer.json"])
    let written = try await Program.run(
      ["translate", "--model", path("t5-full"), "--max-new-tokens", "4", "--threads", "1"],
      input: Data("aa sun\n".utf8))
    #expect(written.status == 0, "\(written.errors)")
    let adapted = try await Program.run(spans("t5-lora", ["--json"]))
    try #require(adapted.status == 0, "\(adapted.errors)")
    #expect(adapted.output.contains("\"method\" : \"lora\""))
    #expect(has("t5-lora/adapter_config.json") && has("t5-lora/adapter_model.safetensors"))
    for (arguments, status, text) in [
      (spans("x").filter { $0 != "--objective" && $0 != "spans" }, 64, "found masked"),
      (spans("x", ["--anchor", "1"]), 64, "--anchor is for encoders"),
      (spans("x", ["--whole-words", "--prefix", "query"]), 64, "--whole-words, --prefix"),
      (spans("x", ["--method", "houlsby"]), 65, "'full' or 'lora', found 'houlsby'"),
      (spans("x", ["--checkpoint-activations"]), 65, "is for encoders"),
      (spans("t5"), 65, "another folder"),
    ] {
      let said = try await Program.run(arguments)
      #expect(said.status == Int32(status) && said.errors.contains(text), "\(said.errors)")
    }
    #expect(!has("x"))
  }

  @Test("mistakes are told in a sentence")
  func mistakes() async throws {
    try world.write("\n\n", "empty.txt")
    let empty = try await Program.run(pretrain("empty.txt", "x"))
    #expect(
      empty.status == 65 && empty.errors.contains("the file has no examples"), "\(empty.errors)")
    let nowhere = try await Program.run(pretrain("nowhere.txt", "x"))
    #expect(nowhere.status == 65 && nowhere.errors.contains("nowhere.txt"))
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    let maskless = try await Program.run(pretrain("aa.txt", "x"))
    #expect(maskless.status == 65 && maskless.errors.contains("koine: the tokenizer has no mask"))
    let patience = try await Program.run(pretrain("aa.txt", "x", ["--patience", "1"]))
    #expect(patience.status == 64 && patience.errors.contains("--development"))
    let source = try await Program.run(pretrain("aa.txt", "x", ["--source", path("bb.txt")]))
    #expect(source.status == 64 && source.errors.contains("--anchor"))
    #expect(!has("x"))
    // What is learned from must not go.
    let itself = try await Program.run(
      pretrain("aa.txt", "x").map { $0 == path("x") ? world.model.path : $0 })
    #expect(itself.status == 65 && itself.errors.contains("another folder"), "\(itself.errors)")
    #expect(FileManager.default.fileExists(atPath: world.model.path + "/config.json"))
    let frozenHead = try await Program.run(pretrain("aa.txt", "x", ["--keep-head"]))
    #expect(frozenHead.status == 65, "\(frozenHead.errors)")
    try world.write("mine", "kept/notes.txt")
    let taken = try await Program.run(pretrain("aa.txt", "kept"))
    #expect(taken.status == 65 && taken.errors.contains("expected a new folder"))
    #expect(has("kept/notes.txt"))
  }
}
