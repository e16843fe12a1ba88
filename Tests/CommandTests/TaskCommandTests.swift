// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

/// What a user does from labelled files to answers, on a tiny encoder.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct TaskCommandTests {
  private let world: TinyWorld

  init() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    self.world = world
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: world.folder.appendingPathComponent(name))
  }

  private func tune(_ output: String, _ more: [String]) -> [String] {
    [
      "tune", "classification", "--train", path("data/aa/train.tsv"), "--base", world.model.path,
      "--prefix", "none", "--output", path(output), "--threads", "1", "--batch-size", "8",
    ] + more
  }

  @Test(
    "a classifier is tuned, answers and is measured, by any method",
    arguments: ["full", "lora", "pfeiffer", "head"])
  func classifies(_ method: String) async throws {
    let tuned = try await Program.run(
      tune(
        "out", ["--method", method, "--epochs", "20", "--head-rate", "0.05", "--json"]))
    try #require(tuned.status == 0, "\(tuned.errors)")
    #expect(tuned.output.contains("\"trainableParameters\""))
    let answers = try await Program.run(["predict", path("out"), path("data/bb/test.tsv")])
    #expect(answers.status == 0, "\(answers.errors)")
    #expect(answers.output.split(separator: "\n").count == 12)
    let measured = try await Program.run([
      "evaluate", path("out"), path("data/aa/test.tsv"), "--json",
    ])
    let value = try #require(
      measured.output.firstMatch(of: /"metric" : "accuracy",\s+"value" : ([0-9.]+)/))
    #expect(try #require(Double(value.1)) > 0.9)
    // Only a body that was changed is kept with the model.
    let holdsBody = FileManager.default.fileExists(atPath: path("out/model.safetensors"))
    #expect(holdsBody == (method == "full"))
  }

  @Test("answers agree about pairs of texts, where they are classes")
  func agrees() async throws {
    try world.write("source\ttarget\nsun sea\tbb wind\nice\tbb bb\n", "pairs.tsv")
    let settings = ["--steps", "2", "--agree", path("pairs.tsv=bb")]
    let tuned = try await Program.run(tune("out", settings))
    #expect(tuned.status == 0, "\(tuned.errors)")
    #expect(tuned.errors.contains("2 pairs of texts to agree about"), "\(tuned.errors)")
    #expect(try await Program.run(tune("plain", ["--steps", "2"])).status == 0)
    let names = try FileManager.default.subpathsOfDirectory(atPath: path("out"))
    let weights = try #require(names.first { $0.hasSuffix("adapter_model.safetensors") })
    #expect(try bytes("out/" + weights) != bytes("plain/" + weights))
    for (line, status, message) in [
      (tune("x", ["--agreement", "2"]), 64, "--agreement is for --agree"),
      (tune("x", settings + ["--agreement", "0"]), 64, "above 0"),
      (tune("x", ["--agree", path("absent.tsv")]), 65, "absent.tsv"),
    ] as [([String], Int32, String)] {
      let outcome = try await Program.run(line)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
    try world.write("text\tpair\tscore\nsun\tsea\t1\nice\tsea\t0\n", "scored.tsv")
    var other = tune("x", settings)
    (other[1], other[3]) = ("similarity", path("scored.tsv"))
    let outcome = try await Program.run(other)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("classification and tagging"), "\(outcome.errors)")
  }

  @Test("a tuning that was killed goes on where it was, and ends with the same bytes")
  func resumesAfterKill() async throws {
    let settings = ["--epochs", "400", "--checkpoint-interval", "5"]
    let whole = try await Program.run(tune("whole", settings))
    try #require(whole.status == 0, "\(whole.errors)")
    for line in ["epoch 20:", "epoch 150:"] {
      let killed = try Program(tune("killed", settings))
      try #require(try await killed.waitForLine(containing: line) != nil)
      killed.send(SIGKILL)
      #expect(try await killed.outcome().status == SIGKILL)
      #expect(!FileManager.default.fileExists(atPath: path("killed/model.json")))
    }
    let resumed = try await Program.run(tune("killed", settings))
    #expect(
      resumed.status == 0 && resumed.errors.contains("going on after step"), "\(resumed.errors)")
    for file in ["head.safetensors", "adapters/task/adapter_model.safetensors", "task.json"] {
      #expect(try bytes("whole/\(file)") == bytes("killed/\(file)"), "\(file)")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: world.folder.path)
    #expect(!left.contains { $0.contains("checkpoints") })
  }

  @Test("sentences are tagged from lines of standard input")
  func tags() async throws {
    try world.write("aa\tX\nsun\tY\n\nbb\tX\nsea\tY\n", "tags.tsv")
    let tuned = try await Program.run([
      "tune", "tagging", "--train", path("tags.tsv"), "--base", world.model.path, "--output",
      path("tagger"), "--steps", "2", "--threads", "1",
    ])
    try #require(tuned.status == 0, "\(tuned.errors)")
    let answer = try await Program.run(
      ["predict", path("tagger"), "-"], input: Data("aa sun\n".utf8))
    #expect(answer.output.contains("\"words\":[\"aa\",\"sun\"]"), "\(answer.errors)")
  }

  @Test("mistakes are told in a sentence")
  func mistakes() async throws {
    let missing = try await Program.run(["predict", path("nowhere"), "-"])
    #expect(missing.status == 65 && missing.errors.contains("there is no tuned model"))
    let plain = try await Program.run(["predict", world.model.path, path("data/aa/test.tsv")])
    #expect(plain.status == 65 && plain.errors.contains("without a task's head"), "\(plain.errors)")
    try world.write("text\tlabel\nsun\twarm\nsea\twarm\n", "one.tsv")
    var line = tune("x", [])
    line[3] = path("one.tsv")
    let one = try await Program.run(line)
    #expect(one.status == 65 && one.errors.contains("at least two classes"))
    #expect(!FileManager.default.fileExists(atPath: path("x")))

    // What is there and is no model must not go.
    try world.write("mine", "kept/notes.txt")
    let taken = try await Program.run(tune("kept", ["--steps", "1"]))
    #expect(taken.status == 65 && taken.errors.contains("expected a new folder"))
    #expect(FileManager.default.fileExists(atPath: path("kept/notes.txt")))

    let tuned = try await Program.run(tune("out", ["--steps", "1"]))
    try #require(tuned.status == 0, "\(tuned.errors)")
    try world.write("text\tlabel\nsun\thot\n", "unknown.tsv")
    let again = try await Program.run(
      tune("out2", ["--steps", "1", "--development", path("unknown.tsv"), "--patience", "1"]))
    #expect(again.status == 65 && again.errors.contains("expected one of the head's labels"))
    // Another body under the same adapter.
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder, vocabularySize: 41) }
    let other = try await Program.run(["predict", path("out"), path("data/aa/test.tsv")])
    #expect(other.status == 65 && other.errors.contains("was tuned on the body"), "\(other.errors)")
  }
}
