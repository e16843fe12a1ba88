// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing

/// From text alone to sentence vectors: a vocabulary, an encoder for it, and what it learns.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct BaseNewCommandTests {
  private let world: TinyWorld

  init() throws {
    world = try TinyWorld()
    // Each word says what the next one is.
    let words = ["sun", "sea", "sand", "ice", "snow", "frost"]
    let lines = (0..<240).map { row in
      (0..<(5 + row % 3)).map { words[($0 + row) % words.count] }.joined(separator: " ")
    }
    try world.write(lines.dropLast(40).joined(separator: "\n") + "\n", "text.txt")
    try world.write(lines.suffix(40).joined(separator: "\n") + "\n", "other.txt")
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func train(_ type: String) async throws {
    let trained = try await Program.run([
      "subwords", "train", "--input", path("text.txt"), "--model_prefix", path("words"),
      "--vocab_size", "32", "--model_type", type, "--hard_vocab_limit=false",
    ])
    try #require(trained.status == 0, "\(trained.errors)")
  }

  @Test(
    "an encoder from nothing learns text, and embeds",
    arguments: [("unigram", "words.model", "xlm-roberta"), ("wordpiece", "words.json", "bert")])
  func journey(type: String, tokenizer: String, family: String) async throws {
    try await train(type)
    let made = try await Program.run([
      "base", "new", "--tokenizer", path(tokenizer), "--output", path("new"), "--hidden", "32",
      "--layers", "2", "--heads", "2", "--positions", "32", "--seed", "3",
    ])
    try #require(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("\(family), 2 layers of 32 with 2 heads"), "\(made.errors)")
    let trained = try await Program.run([
      "pretrain", "--base", path("new"), "--method", "full", "--prefix", "none", "--rate", "5e-3",
      "--batch-size", "16", "--epochs", "12", "--train", path("text.txt"), "--development",
      path("other.txt"), "--output", path("base"), "--threads", "1", "--json",
    ])
    try #require(trained.status == 0, "\(trained.errors)")
    #expect(!trained.errors.contains("a fresh one"))
    struct Summary: Decodable {
      struct Score: Decodable { var loss: Double }
      var before, after: Score
    }
    let summary = try JSONDecoder().decode(Summary.self, from: Data(trained.output.utf8))
    // From hesitating among all pieces of the text to almost knowing.
    #expect(exp(summary.before.loss) > 8 && exp(summary.after.loss) < 3, "\(trained.output)")
    let vectors = try await Program.run(
      ["embed", "--base", path("base"), "--prefix", "none", "--threads", "1"],
      input: Data("sun sea\nice snow\n".utf8))
    try #require(vectors.status == 0, "\(vectors.errors)")
    let rows = vectors.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.map(\.count) == [32, 32] && rows[0] != rows[1])
  }

  @Test("mistakes are told in a sentence, and nothing is left behind")
  func mistakes() async throws {
    try await train("unigram")
    func refused(_ arguments: [String], _ status: Int32, _ text: String) async throws {
      let said = try await Program.run(["base", "new", "--output", path("new")] + arguments)
      #expect(said.status == status && said.errors.contains(text), "\(said.errors)")
      #expect(!FileManager.default.fileExists(atPath: path("new")))
    }
    try await refused(["--tokenizer", path("words.model"), "--layers", "0"], 64, "--layers")
    try await refused(["--tokenizer", path("words.model"), "--preset", "huge"], 64, "huge")
    try await refused(["--tokenizer", path("words.model"), "--hidden", "32"], 65, "heads of 64")
    try await refused(["--tokenizer", path("absent.model")], 65, "absent.model")
    // Its tokenizer.json has no token for padding; the model itself gets one.
    let exported = try await Program.run([
      "subwords", "export", "--model", path("words.model"), "--output", path("words.json"),
    ])
    try #require(exported.status == 0, "\(exported.errors)")
    try await refused(["--tokenizer", path("words.json")], 65, "no mask token")
    try await train("bpe")
    try await refused(["--tokenizer", path("words.model")], 65, "--model_type unigram")
    let itself = try await Program.run([
      "base", "new", "--tokenizer", path("words.model"), "--output", world.folder.path,
    ])
    #expect(itself.status == 65 && itself.errors.contains("another folder"), "\(itself.errors)")
  }
}
