// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import VectorWorld
import WordVectors

/// `koine vectors` as a user runs it, on two small languages that differ by a rotation.
@Suite(.timeLimit(.minutes(60)))
struct VectorsCommandTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("vectors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try writeWorld(count: 120, dimension: 12)
    let pairs = (0..<80).map { "a\($0)\tb\($0)\n" }
    _ = try write(pairs[..<60].joined(), "train.tsv")
    _ = try write(pairs[60...].joined(), "test.tsv")
  }

  private func writeWorld(count: Int, dimension: Int) throws {
    let (source, target) = try TwinSpaces.make(count: count, dimension: dimension)
    for (name, table) in [("a.vec", source), ("b.vec", target)] {
      var text: [UInt8] = []
      try table.write(.text, decimals: nil) { text += $0 }
      try Data(text).write(to: folder.appendingPathComponent(name))
    }
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func write(_ text: String, _ name: String) throws -> String {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    return path(name)
  }

  private func run(_ arguments: String...) async throws -> Program.Outcome {
    try await Program.run(
      ["vectors"]
        + arguments.map { argument in
          // Names of files stand for files in the folder.
          argument.hasPrefix("@") ? path(String(argument.dropFirst())) : argument
        })
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// Both languages in one space, as `a.out.vec` and `b.out.vec`.
  private func map() async throws {
    let outcome = try await run(
      "map", "--source", "@a.vec", "--target", "@b.vec", "--dictionary", "@train.tsv",
      "--output-source", "@a.out.vec", "--output-target", "@b.out.vec")
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("the languages came together"))
  }

  @Test(
    "help teaches every command",
    arguments: ["train", "convert", "map", "neighbors", "translate", "evaluate", "page"])
  func help(command: String) async throws {
    let outcome = try await run(command, "--help")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("USAGE: koine vectors \(command)"))
    #expect(outcome.output.contains("Example"))
  }

  @Test("languages are mapped, judged, translated, searched and shown")
  func journey() async throws {
    try await map()
    _ = try write("a1\tb1\t10\na2\tb3\t2\na4\tb9\t1\na5\tb5\t9\n", "judged.tsv")
    let judged = try await run(
      "evaluate", "--source", "@a.out.vec", "--target", "@b.out.vec", "--dictionary", "@test.tsv",
      "--similarity", "@judged.tsv", "--diagnostics", "--json")
    #expect(judged.status == 0, "\(judged.errors)")
    let report = try json(judged.output)
    let scores = try #require(report["scores"] as? [String: [String: Double]])
    #expect(try #require(scores["P@1"]?["value"]) > 0.9 && report["questions"] as? Int == 20)
    #expect(report["space"] != nil && report["similarity"] != nil)
    let unmapped = try await run(
      "evaluate", "--source", "@a.vec", "--target", "@b.vec", "--dictionary", "@test.tsv",
      "--protocol", "xling", "--retrieval", "nn")
    #expect(unmapped.status == 0 && unmapped.output.contains("P@1"))

    let found = try await run(
      "translate", "--source", "@a.out.vec", "--target", "@b.out.vec", "--mutual")
    let lines = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(lines.count > 100)
    #expect(lines.filter { $0[0].dropFirst() == $0[1].dropFirst() }.count > 100)
    // What is translated is a dictionary to map with.
    _ = try write(found.output, "induced.tsv")
    let again = try await run(
      "map", "--source", "@a.vec", "--target", "@b.vec", "--dictionary", "@induced.tsv",
      "--output-source", "@again.vectors", "--output-target", "@other.vec.gz", "--json")
    #expect(again.status == 0, "\(again.errors)")
    let maps = try #require(try json(again.output)["maps"] as? [[String: Any]])
    #expect(maps[0]["failed"] as? Bool == false)

    let near = try await run(
      "neighbors", "--source", "@again.vectors", "--target", "@other.vec.gz", "--limit", "1", "a7")
    #expect(near.output.contains("\tb7\t"), "\(near.output)\(near.errors)")
    let page = try await run(
      "page", "--language", "one=\(path("again.vectors"))", "--language",
      "two=\(path("other.vec.gz"))", "--output", "@page.html")
    #expect(page.status == 0, "\(page.errors)")
    #expect(try String(contentsOfFile: path("page.html"), encoding: .utf8).contains("\"a119\""))
  }

  @Test("vectors pass through every format and come back the same")
  func formats() async throws {
    let original = try Data(contentsOf: folder.appendingPathComponent("a.vec"))
    var last = "a.vec"
    for next in ["a.vectors", "a.bin", "a.txt.gz", "back.vec"] {
      let outcome = try await run("convert", "--input", "@\(last)", "--output", "@\(next)")
      #expect(outcome.status == 0, "\(outcome.errors)")
      last = next
    }
    #expect(try Data(contentsOf: folder.appendingPathComponent("back.vec")) == original)
  }

  @Test("several languages come to one hub, and how they agree beside it is said")
  func hub() async throws {
    _ = try await run("convert", "--input", "@a.vec", "--output", "@c.vec")
    _ = try write((0..<60).map { "a\($0)\tb\($0)\n" }.joined(), "c.tsv")
    let outcome = try await run(
      "map", "--target", "@b.vec", "--source", "\(path("a.vec"))=\(path("train.tsv"))", "--source",
      "\(path("c.vec"))=\(path("c.tsv"))", "--output", "@space", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let agreement = try #require(try json(outcome.output)["consistency"] as? [[String: Any]])
    #expect(
      agreement.count == 2 && agreement.allSatisfy { ($0["agreement"] as? Double ?? 0) > 0.9 })
    for name in ["a.vec", "b.vec", "c.vec"] {
      #expect(FileManager.default.fileExists(atPath: path("space/\(name)")))
    }
    let refused = try await run(
      "map", "--target", "@b.vec", "--source", "@a.vec", "--source", "@c.vec", "--preset",
      "vecmap-supervised", "--output", "@space")
    #expect(refused.status == 64 && refused.errors.contains("a hub needs a map"))
  }

  @Test("a map that failed says so, and ends with 75 where it must not")
  func failure() async throws {
    try writeWorld(count: 500, dimension: 24)
    _ = try write((0..<60).map { "a\($0)\tb\(($0 * 37 + 11) % 500)\n" }.joined(), "wrong.tsv")
    let outcome = try await run(
      "map", "--source", "@a.vec", "--target", "@b.vec", "--dictionary", "@wrong.tsv",
      "--output-source", "@w.vec", "--json")
    #expect(outcome.status == 0 && outcome.errors.contains("the map has failed"))
    let maps = try #require(try json(outcome.output)["maps"] as? [[String: Any]])
    #expect(maps[0]["failed"] as? Bool == true)
    let gated = try await run(
      "map", "--source", "@a.vec", "--target", "@b.vec", "--dictionary", "@wrong.tsv", "--gate",
      "--output-source", "@gated.vec")
    #expect(gated.status == 75 && gated.errors.contains("the map has failed"))
    #expect(!FileManager.default.fileExists(atPath: path("gated.vec")))
  }

  @Test(
    "a mistake in a file says what was expected, what was found and where, and ends with 65",
    arguments: [
      ("3 2\nx 1 2\ny 3 4\n", "bad.vec", "the header does not tell the number of vectors"),
      ("2 2\nx 1 nan\ny 3 4\n", "bad.vec:2", "not finite"),
      ("2 2\nx 1 2\nx 3 4\n", "bad.vec:3", "there twice"),
      ("2 2\nx y 1 2\nz 3 4\n", "bad.vec:2", "space"),
      ("2 2\nx 1 2 3\ny 3 4\n", "bad.vec:2", "has a space in it"),
      ("not vectors at all\n", "bad.vec:1", "the line is no vector"),
      ("", "bad.vec", "empty"),
    ])
  func badFiles(text: String, place: String, message: String) async throws {
    _ = try write(text, "bad.vec")
    let outcome = try await run("convert", "--input", "@bad.vec", "--output", "@out.vec")
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains(place) && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: path("out.vec")))
  }

  @Test("a dictionary without overlap and vectors of other dimensions are refused")
  func badPairs() async throws {
    _ = try write("cat\tgatto\ndog\tcane\n", "none.tsv")
    let none = try await run(
      "map", "--source", "@a.vec", "--target", "@b.vec", "--dictionary", "@none.tsv",
      "--output-source", "@o.vec")
    #expect(none.status == 65 && none.errors.contains("no pair of the dictionary"))
    #expect(none.errors.contains("2 pairs, none covered"))
    let judged = try await run(
      "evaluate", "--source", "@a.vec", "--target", "@b.vec", "--dictionary", "@none.tsv")
    #expect(judged.status == 65, "\(judged.errors)")
    _ = try write("2 2\nb0 1 2\nb1 3 4\n", "small.vec")
    for command in ["map", "evaluate"] {
      let outcome = try await Program.run(
        [
          "vectors", command, "--source", path("a.vec"), "--target", path("small.vec"),
          "--dictionary", path("train.tsv"),
        ] + (command == "map" ? ["--output-source", path("o.vec")] : []))
      #expect(outcome.status == 65, "\(outcome.errors)")
      #expect(outcome.errors.contains("12") && outcome.errors.contains("2"), "\(outcome.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: path("o.vec")))
  }
}
