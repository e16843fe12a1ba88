// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing

/// From text in two languages to an encoder of word vectors, and what is done with it, by the program.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct StaticEncoderCommandTests {
  private let world: TinyWorld

  init() throws {
    world = try TinyWorld()
    let pairs = [("sun", "sonne"), ("sea", "meer"), ("ice", "eis"), ("snow", "schnee")]
    var (english, german) = ("", "")
    for index in 0..<200 {
      let first = pairs[index % 2 == 0 ? index / 2 % 2 : 2 + index / 2 % 2]
      let second = pairs[index % 2 == 0 ? 1 - index / 2 % 2 : 3 - index / 2 % 2]
      english += "the \(first.0) the \(second.0)\n"
      german += "die \(first.1) die \(second.1)\n"
    }
    try world.write(english, "en.txt")
    try world.write(german, "de.txt")
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func made() async throws -> String {
    let trained = try await Program.run([
      "vectors", "train", "--parallel", path("en.txt=en"), path("de.txt=de"), "--output",
      path("v"), "-dim", "10", "-epoch", "30", "-minCount", "1", "-bucket", "100", "-t", "1",
      "--deterministic", "--threads", "1", "--no-vec", "--quiet",
    ])
    try #require(trained.status == 0, "\(trained.errors)")
    let encoder = try await Program.run([
      "vectors", "encoder", "--vectors", path("v.en.bin=en"), path("v.de.bin=de"), "--text",
      path("en.txt=en"), path("de.txt=de"), "--output", path("static"),
    ])
    try #require(encoder.status == 0, "\(encoder.errors)")
    return path("static")
  }

  @Test("an encoder embeds text, tells languages, retrieves, and says what it cannot read")
  func journey() async throws {
    let encoder = try await made()
    let base = "vectors:\(encoder)"
    let text = Data("die sonne die meer\n".utf8)
    let told = try await Program.run(["embed", "--base", base], input: text)
    let given = try await Program.run(["embed", "--base", base, "--language", "de"], input: text)
    #expect(told.status == 0, "\(told.errors)")
    #expect(told.output == given.output && told.output.split(separator: " ").count == 10)

    let empty = try await Program.run(["embed", "--base", base], input: Data("?!\n".utf8))
    #expect(empty.status == 0 && empty.errors.contains("1 texts have no word"))
    #expect(empty.output.split(whereSeparator: \.isWhitespace).allSatisfy { Float($0) == 0 })

    try world.write("die sonne\ndie schnee\n", "fragen.txt")
    try world.write("the snow\nthe sun\n", "docs.txt")
    let found = try await Program.run([
      "retrieve", "--base", base, "--queries", path("fragen.txt=de"), "--documents",
      path("docs.txt=en"), "--limit", "1",
    ])
    #expect(found.status == 0, "\(found.errors)")
    #expect(
      found.output.split(separator: "\n").map { $0.split(separator: "\t").prefix(2).joined() }
        == ["12", "21"])

    try world.write("the sun\nthe snow\n", "gold.txt")
    let measured = try await Program.run([
      "retrieve", "--base", base, "--queries", path("fragen.txt=de"), "--documents",
      path("gold.txt=en"), "--evaluate",
    ])
    #expect(measured.output.contains("queries to documents\tMRR\t1"), "\(measured.errors)")
  }

  @Test("counts may come from a file, and vectors from text")
  func fromText() async throws {
    try world.write("3 2\nsun 1 0\nice 0 1\nand 1 1\n", "en.vec")
    try world.write("sun\t5\nand\t90\n#total\t100\n", "en.counts")
    let arguments = [
      "vectors", "encoder", "--vectors", path("en.vec=en"), "--output", path("plain"),
    ]
    let refused = try await Program.run(arguments)
    #expect(refused.status == 65 && refused.errors.contains("how often the words of 'en' come"))
    let made = try await Program.run(arguments + ["--counts", path("en.counts=en")])
    #expect(made.status == 0, "\(made.errors)")
    let again = try await Program.run(arguments + ["--counts", path("en.counts=en")])
    #expect(again.status == 65 && again.errors.contains("is there already"))
    let vector = try await Program.run(
      ["embed", "--base", "vectors:\(path("plain"))"], input: Data("Sun and Sun\n".utf8))
    let numbers = vector.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    let (sun, and) = (0.001 / 0.051, 0.001 / 0.901)
    let expected = [2 * sun + and, and]
    let length = (expected[0] * expected[0] + expected[1] * expected[1]).squareRoot()
    try #require(numbers.count == 2)
    #expect(abs(numbers[0] - expected[0] / length) < 1e-5)
    #expect(abs(numbers[1] - expected[1] / length) < 1e-5)
  }

  @Test("a recipe's static model classifies and serves without its recipe")
  func serves() async throws {
    try world.write(
      """
      recipe: transfer/v1
      name: tiny
      base: {model: vectors, vectors: {dimension: 12, epochs: 60, minimumCount: 1, buckets: 300, sampling: 1}}
      data: {path: "\(world.folder.path)/data/{lang}/{split}.tsv", source: aa}
      methods: [{name: words, features: words}, {name: static}]
      evaluation: {resamples: 100, points: 60}
      """, "static.yaml")
    let run = try await Program.run(
      ["run", path("static.yaml"), "--output", path("out"), "--threads", "1"])
    try #require(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("static less words"))
    try FileManager.default.removeItem(atPath: path("out/encoder"))
    let lines = Data("aa sun sea\nbb ice snow\n".utf8)
    let labels = try await Program.run(["classify", "--model", path("out/model")], input: lines)
    #expect(
      labels.output.split(separator: "\n").map { $0.split(separator: "\t")[0] } == ["warm", "cold"])
    let server = try Program(["serve", "--model", path("out/model"), "--port", "0"])
    #expect(try await server.waitForLine(containing: "http://") != nil)
    server.send(SIGTERM)
    #expect(try await server.outcome().status == 0)
  }
}
