// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

/// Bases with more pieces and with other ones, by the program.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct BaseVocabularyCommandTests {
  private let world: TinyWorld

  init() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder, hasMask: true) }
    try world.write(
      String(repeating: "жужа жижи жужа\nжижи жужа ужиж\n", count: 20), "new.txt")
    try world.write("aa sun sea\nbb nus frost\n", "old.txt")
    try world.write("3 2\nжужа 1 0\nжижи 0 1\nужиж 1 1\n", "new.vec")
    try world.write("3 2\nsun 0 1\nsea -1 0\nice 1 1\n", "old.vec")
    try world.write("жужа\tsun\nжижи\tsea\n", "pairs.tsv")
    self.world = world
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func extend(_ output: String, _ more: [String]) async throws -> Program.Outcome {
    try await Program.run(
      [
        "base", "extend", "--base", world.model.path, "--output", path(output),
      ] + (more.contains("--vocabulary") || more.contains("--pieces") ? [] : ["--pieces", "8"])
        + more)
  }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: world.folder.appendingPathComponent(name))
  }

  @Test(
    "a base is extended by each initialisation, the same bytes with one thread or two, and embeds",
    arguments: ["mean", "overlap", "focus", "wechsel"])
  func extended(_ name: String) async throws {
    var arguments = ["--input", path("new.txt"), "--initialization", name]
    if name == "wechsel" {
      arguments += [
        "--new-vectors", path("new.vec"), "--old-vectors", path("old.vec"), "--dictionary",
        path("pairs.tsv"),
      ]
    }
    if name == "focus" {
      // Letters of old pieces stand in the text too.
      try world.write(
        String(repeating: "жужа sun жижи жужа ужиж\nжижи sea ужиж жижи жужа\n", count: 20),
        "new.txt")
      arguments += ["--least", "2", "--dim", "8"]
    }
    let one = try await extend("one", arguments + ["--json", "--threads", "1"])
    #expect(one.status == 0, "\(one.errors)")
    #expect(one.errors.contains("text without letters of Cyrl is cut as before"))
    let two = try await extend("two", arguments + ["--threads", "2"])
    #expect(two.status == 0, "\(two.errors)")
    for file in ["model.safetensors", "tokenizer.json", "config.json", "rows.tsv"] {
      #expect(try data("one/\(file)") == data("two/\(file)"), "\(file)")
    }
    let document = try JSONSerialization.jsonObject(with: Data(one.output.utf8))
    let fields = try #require(document as? [String: Any])
    let rows = try #require(fields["rows"] as? [String: Any])
    let after = try #require(rows["after"] as? Int)
    #expect(fields["initialization"] as? String == name && after > 41)
    #expect(rows["kept"] as? Int == 41)
    #expect(rows["copied"] as? Int == 0)
    switch name {
    // No piece has these letters.
    case "mean", "overlap": #expect(rows["drawn"] as? Int == after - 41)
    default: #expect((rows["mixed"] as? Int ?? 0) > 0)
    }
    let text = Data("aa sun sea\n".utf8)
    let before = try await Program.run(
      ["embed", "--base", world.model.path, "--prefix", "none"], input: text)
    let now = try await Program.run(
      ["embed", "--base", path("one"), "--prefix", "none"], input: text)
    #expect(now.status == 0 && now.output == before.output, "\(now.errors)")
  }

  @Test("old text is kept as it is cut, and a vocabulary may come from 'koine subwords extend'")
  func oldText() async throws {
    let kept = try await extend(
      "kept", ["--input", path("new.txt=zh"), "--old-text", path("old.txt")])
    #expect(kept.status == 0, "\(kept.errors)")
    #expect(
      try String(decoding: data("kept/tokenizer.tiers.json"), as: UTF8.self).contains("\"zh\""))
    let core = try await Program.run([
      "subwords", "encode", "--model", path("kept/tokenizer.json"), "--packs", "core",
      path("new.txt"),
    ])
    let first = try await Program.run([
      "subwords", "encode", "--model", world.model.path, path("new.txt"),
    ])
    #expect(core.status == 0 && core.output == first.output, "\(core.errors)")
    #expect(kept.errors.contains("no word of the old text is cut otherwise"))
    let pack = try await Program.run([
      "subwords", "extend", "--model", world.model.path, "--input", path("new.txt"), "--old-text",
      path("old.txt"), "--vocab_size", "8", "--output", path("longer.json"),
    ])
    #expect(pack.status == 0, "\(pack.errors)")
    let taken = try await extend("taken", ["--vocabulary", path("longer.json")])
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(try data("taken/model.safetensors") == data("kept/model.safetensors"))
    #expect(FileManager.default.fileExists(atPath: path("taken/tokenizer.tiers.json")))
  }

  @Test("another vocabulary takes the place of the base's; a model of 'koine subwords train' may")
  func replaced() async throws {
    let trained = try await Program.run([
      "subwords", "train", "--input", path("new.txt"), path("old.txt"), "--model_prefix",
      path("zh"), "--vocab_size", "30", "--hard_vocab_limit=false", "--normalization_rule_name",
      "identity",
    ])
    #expect(trained.status == 0, "\(trained.errors)")
    let made = try await Program.run([
      "base", "replace", "--base", world.model.path, "--vocabulary", path("zh.model"), "--output",
      path("replaced"),
    ])
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("5 kept") && made.errors.contains("(mean)"))
    let now = try await Program.run(
      ["embed", "--base", path("replaced"), "--prefix", "none"], input: Data("жужа sun\n".utf8))
    #expect(now.status == 0 && !now.output.isEmpty, "\(now.errors)")
    let itself = try await Program.run([
      "base", "replace", "--base", world.model.path, "--vocabulary", path("replaced"),
      "--output", path("replaced"),
    ])
    #expect(itself.status == 65 && itself.errors.contains("expected another folder"))
  }

  @Test("mistakes are told in a sentence, and nothing is written")
  func mistakes() async throws {
    let input = ["--input", path("new.txt")]
    for (arguments, status, sentence) in [
      ([], 64, "--input is missing"),
      (["--vocabulary", path("x.json"), "--initialization", "focus"], 64, "focus needs --input"),
      (input + ["--initialization", "wechsel"], 64, "needs --new-vectors and --old-vectors"),
      (input + ["--dictionary", "x"], 64, "--dictionary belongs to --initialization wechsel"),
      (input + ["--least", "3"], 64, "--least belongs to --initialization focus"),
      (input + ["--pieces", "0"], 64, "--pieces must be at least 1"),
      (["--vocabulary", path("x.json"), "--pieces", "3"], 64, "--pieces, --old-text and"),
      (input + ["--vocabulary", path("x.json")], 64, "--input beside --vocabulary"),
      (["--vocabulary", path("old.txt")], 65, "old.txt"),
      (["--input", path("none.txt")], 65, "none.txt"),
      (["--vocabulary", world.model.path], 65, "pieces that the base does not have, found none"),
    ] as [([String], Int32, String)] {
      let outcome = try await extend("bad", arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: path("bad")))
    }
    let itself = try await Program.run(
      ["base", "extend", "--base", world.model.path, "--output", world.model.path] + input)
    #expect(itself.status == 65 && itself.errors.contains("expected another folder"))
    try world.write("mine", "taken/notes.txt")
    let taken = try await extend("taken", input)
    #expect(taken.status == 65 && taken.errors.contains("expected a new folder"))
    try world.write("2 3\nжужа 1 0 0\nжижи 0 1 0\n", "wide.vec")
    let wide = try await extend(
      "bad",
      input + [
        "--initialization", "wechsel", "--new-vectors", path("wide.vec"), "--old-vectors",
        path("old.vec"),
      ])
    #expect(wide.status == 65 && wide.errors.contains("expected word vectors of one width"))
  }
}
