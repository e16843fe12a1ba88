// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

/// Glosses behind lines and tables, by the program.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct GlossCommandTests {
  private let world: TinyWorld

  init() throws {
    world = try TinyWorld()
    try world.write("sun\tсонце\nsea\tмаре\n", "words.txt")
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  @Test("a line out for each line in")
  func lines() async throws {
    let text = "Сонце и маре\nништо\n\nмаре"
    let done = try await Program.run(
      ["data", "gloss", "--dictionary", path("words.txt")], input: Data(text.utf8))
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.output == "Сонце и маре Sun и sea\nништо\n\nмаре sea\n")
    #expect(done.errors.contains("5 words, 60.0 % of them known"))
    let latin = try await Program.run(
      ["data", "gloss", "--dictionary", path("words.txt"), "--alone", "--romanize"],
      input: Data(text.utf8))
    #expect(latin.output == "Sun i sea\nnisto\n\nsea\n")
  }

  @Test("a table keeps its rows and labels")
  func tables() async throws {
    try world.write("text\tlabel\nсонце\twarm\nништо\tcold\n", "mk.tsv")
    let done = try await Program.run([
      "data", "gloss", path("mk.tsv"), "--dictionary", path("words.txt"), "--output",
      path("out.tsv"),
    ])
    #expect(done.status == 0, "\(done.errors)")
    let table = try String(contentsOfFile: path("out.tsv"), encoding: .utf8)
    #expect(table.contains("сонце sun\twarm") && table.contains("ништо\tcold"))
  }

  @Test("a model that was made with glosses reads them by itself where it is told the language")
  func classifies() async throws {
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    try world.write("sun\tsol\nsea\tmar\nice\thielo\nfrost\thelada\n", "words/dd.txt")
    try world.write(
      "text\tlabel\nsol mar\twarm\nmar sol\twarm\nhielo helada\tcold\nhielo hielo\tcold\n",
      "data/dd/test.tsv")
    let recipe = world.recipe("[{name: centred, center: language, c: 10}]")
      .replacingOccurrences(
        of: "prefix: none", with: "prefix: none, gloss: \"\(path("words"))/{lang}.txt\"")
    try world.write(recipe, "recipe.yaml")
    let run = try await Program.run(["run", path("recipe.yaml"), "--output", path("out")])
    try #require(run.status == 0, "\(run.errors)")
    let lines = Data("sol sol\nhelada hielo\n".utf8)
    let told = try await Program.run(
      ["classify", "--model", path("out/model"), "--language", "dd"], input: lines)
    let labels = told.output.split(separator: "\n").map { $0.split(separator: "\t")[0] }
    #expect(labels == ["warm", "cold"], "\(told.output) \(told.errors)")
    // Vectors are those of the text as the classifier reads it.
    let vectors = try await Program.run(
      ["embed", "--model", path("out/model"), "--language", "dd"], input: Data("sol\n".utf8))
    let spelled = try await Program.run(
      ["embed", "--model", path("out/model")], input: Data("sol sun\n".utf8))
    #expect(vectors.status == 0 && vectors.output == spelled.output, "\(vectors.errors)")
    // So do commands that compare texts of two languages.
    try world.write("sol mar\nhielo\nmar\n", "dd.txt")
    try world.write("sol mar sun sea\nhielo ice\nmar sea\n", "spelled.txt")
    try world.write("sun sea\nice frost\nsea\n", "aa.txt")
    func scores(_ options: [String]) async throws -> [String] {
      let done = try await Program.run(options + ["--model", path("out/model"), "--threads", "1"])
      #expect(done.status == 0, "\(done.errors)")
      return done.output.split(separator: "\n").map {
        $0.split(separator: "\t").prefix(3).joined(separator: " ")
      }
    }
    let documents = ["--documents", path("aa.txt")]
    let found = try await scores(["retrieve", "--queries", path("dd.txt") + "=dd"] + documents)
    #expect(try await scores(["retrieve", "--queries", path("spelled.txt")] + documents) == found)
    #expect(try await scores(["retrieve", "--queries", path("dd.txt")] + documents) != found)
    func mined(_ source: String) async throws -> [String] {
      let done = try await Program.run([
        "mine", "--source", source, "--target", path("aa.txt") + "=aa", "--model",
        path("out/model"), "--neighbors", "1", "--threads", "1", "--output", path("mined.tsv"),
      ])
      try #require(done.status == 0, "\(done.errors)")
      let table = try String(contentsOfFile: path("mined.tsv"), encoding: .utf8)
      try FileManager.default.removeItem(atPath: path("mined.tsv"))
      return table.split(separator: "\n").compactMap {
        $0.split(separator: "\t").first { Double($0) != nil }.map(String.init)
      }
    }
    let pairs = try await mined(path("dd.txt") + "=dd")
    #expect(!pairs.isEmpty)
    #expect(try await mined(path("spelled.txt") + "=xx") == pairs)
    let untold = try await Program.run(["classify", "--model", path("out/model")], input: lines)
    #expect(untold.output != told.output)
  }

  @Test("mistakes are told with what to do")
  func mistakes() async throws {
    let noOutput = try await Program.run([
      "data", "gloss", path("mk.tsv"), "--dictionary", path("words.txt"),
    ])
    #expect(noOutput.status == 64 && noOutput.errors.contains("--output is missing"))
    let absent = try await Program.run(
      ["data", "gloss", "--dictionary", path("absent.txt")], input: Data("x\n".utf8))
    #expect(absent.status != 0 && absent.errors.contains("absent.txt"))
  }
}
