// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

/// Mining of pairs and alignment of sentences, by the program.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct PairsCommandTests {
  private let world: TinyWorld

  init() throws { world = try TinyWorld() }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func write(_ rows: [[Float]], _ name: String) throws {
    var header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), \(rows[0].count)), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]) + Data(header.utf8)
    for row in rows { data += row.withUnsafeBytes { Data($0) } }
    try data.write(to: URL(fileURLWithPath: path(name)))
  }

  /// Three pairs; line 2 of the sources comes twice, a line is blank, and one is the same on both sides.
  private func makeSides() throws -> [String] {
    try world.write("eins\nzwei\n zwei\n\ndrei\nOK\nallein\n", "a.txt")
    try world.write("three\nOK\none\ntwo\n", "b.txt")
    let (one, two, three): ([Float], [Float], [Float]) = (
      [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]
    )
    try write([one, two, two, [0, 0, 0, 0], three, [1, 1, 1, 0], [0.5, 0.5, 0.5, 1]], "a.npy")
    try write([[0, 0.1, 1, 0], [1, 1, 1, 0], [1, 0.1, 0, 0], [0.1, 1, 0, 0]], "b.npy")
    return [
      "mine", "--source", path("a.txt=de"), "--target", path("b.txt=en"), "--source-vectors",
      path("a.npy"), "--target-vectors", path("b.npy"), "--neighbors", "2",
    ]
  }

  @Test("pairs come with their lines, texts once, what is the same on both sides not at all")
  func mines() async throws {
    let arguments = try makeSides()
    let mined = try await Program.run(arguments)
    #expect(mined.status == 0, "\(mined.errors)")
    let rows = mined.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(
      rows[0].joined(separator: " ")
        == "score source_line target_line source target source_file target_file")
    #expect(
      Set(rows.dropFirst().prefix(3).map { $0[1...4].joined(separator: " ") })
        == ["1 3 eins one", "2 4 zwei two", "5 1 drei three"])
    #expect(rows.count == 4)
    #expect(mined.errors.contains("1 repeated and 1 blank lines are left out"))
    #expect(mined.errors.contains("1 texts are the same on both sides"))

    let absolute = try await Program.run(
      arguments + ["--margin", "absolute", "--threshold", "0.999", "--json"])
    #expect(absolute.status == 0 && absolute.output.isEmpty, "\(absolute.errors)")
    let kept = try await Program.run(arguments + ["--keep-copies", "--json"])
    #expect(kept.output.contains(#""text":"OK""#), "\(kept.errors)")
  }

  @Test("a threshold is chosen and measured on gold pairs, and the pairs go to a file")
  func measures() async throws {
    let arguments = try makeSides()
    try world.write("1\t3\n3\t4\n6\t2\n", "gold.tsv")
    let measured = try await Program.run(
      arguments + [
        "--tune", path("gold.tsv"), "--evaluate", path("gold.tsv"), "--output", path("pairs.tsv"),
      ])
    #expect(measured.status == 0, "\(measured.errors)")
    #expect(measured.errors.contains("1 pairs have a line that takes no part"))
    let rows = measured.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count == 3 && rows[1].last == rows[2].last)
    #expect(rows[1][3] == "2", "line 3 says what line 2 says: \(measured.output)")
    let pairs = try String(contentsOfFile: path("pairs.tsv"), encoding: .utf8)
    #expect(pairs.split(separator: "\n").count - 1 == Int(rows[2][2]))
    // Its own table can be gold.
    let again = try await Program.run(arguments + ["--evaluate", path("pairs.tsv"), "--json"])
    #expect(again.output.contains(#""recall":1"#), "\(again.errors)")
  }

  @Test("mistakes of mining are told in a sentence")
  func miningMistakes() async throws {
    let arguments = try makeSides()
    try world.write("1\t9\n", "far.tsv")
    try world.write("eins\n", "short.txt")
    for (line, status, message) in [
      (arguments + ["--evaluate", path("far.tsv")], 65, "far.tsv:1: there is no line 9"),
      (["mine", "--source", path("short.txt")] + arguments[3...], 65, "expected 1 rows, found 7"),
      (arguments + ["--base", "e5-small"], 64, "stand in place of an encoder"),
      (arguments + ["--tune", "x", "--threshold", "1"], 64, "exclude each other"),
      (arguments + ["--margin", "none"], 64, "--margin"),
      (["mine", "--source", path("none"), "--target", path("b.txt")], 65, "no such file"),
    ] as [([String], Int32, String)] {
      let outcome = try await Program.run(line)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  @Test("an index that is not there, or is asked for by halves, is told of in a sentence")
  func missingIndex() async throws {
    let arguments = try makeSides()
    let none = path("none.so")
    let missing = try await Program.run(
      arguments + ["--index", "ivf"], environment: ["KOINE_FAISS": none])
    #expect(missing.status == 65 && missing.output.isEmpty)
    #expect(
      missing.errors.contains(
        "\(none): the library of --index ivf is not here; run Scripts/faiss to make it"),
      "\(missing.errors)")
    for (options, message) in [
      (["--probes", "8"], "--probes belongs to --index ivf"),
      (["--lists", "8", "--index", "exact"], "--lists belongs to --index ivf"),
      (["--index", "ivf", "--lists", "0"], "--lists must be at least 1, found 0"),
      (["--index", "ivf", "--probes", "0"], "--probes must be at least 1, found 0"),
      (["--index", "hnsw"], "--index"),
    ] {
      let outcome = try await Program.run(arguments + options)
      #expect(outcome.status == 64, "\(outcome.errors)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  @Test(
    "the program mines by an index, and says where there are few texts for its lists",
    .enabled(if: PairsCommandTests.hasIndex, "Scripts/faiss has not been run"))
  func minesByIndex() async throws {
    let arguments = try makeSides()
    let exact = try await Program.run(arguments)
    let indexed = try await Program.run(arguments + ["--index", "ivf", "--lists", "9"])
    #expect(indexed.status == 0, "\(indexed.errors)")
    #expect(indexed.output == exact.output)
    #expect(indexed.errors.contains("9 lists need 351 texts, 39 for each"), "\(indexed.errors)")
  }

  /// Whether the library of `--index ivf` is there: KOINE_FAISS, or where Scripts/faiss puts it.
  private static let hasIndex: Bool = {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["KOINE_CACHE"] ?? "\(NSHomeDirectory())/.cache/koine"
    return FileManager.default.fileExists(
      atPath: environment["KOINE_FAISS"] ?? "\(cache)/faiss-1/libkoine-faiss.so")
  }()

  @Test("an encoder's vectors are kept and used again")
  func keeps() async throws {
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    try world.write("sun sea\nice snow\nfrost\n", "a.txt")
    try world.write("bb ice snow\nbb sun sea\nbb frost\n", "b.txt")
    let arguments = [
      "mine", "--source", path("a.txt"), "--target", path("b.txt"), "--base", world.model.path,
      "--prefix", "none", "--work", path("work"), "--threads", "1",
    ]
    let first = try await Program.run(arguments)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.errors.contains("3 texts in"))
    let second = try await Program.run(arguments)
    #expect(second.output == first.output && !second.errors.contains("3 texts in"))
    let beside = try await Program.run(Array(arguments.prefix(9)) + ["--output", path("out.tsv")])
    #expect(beside.status == 0 && beside.output.isEmpty, "\(beside.errors)")
    #expect(try String(contentsOfFile: path("out.tsv"), encoding: .utf8) == first.output)
    #expect(!FileManager.default.fileExists(atPath: path("out.tsv.work")))
  }

  @Test("mining goes on in rounds, the adapter is kept, and mines as it did")
  func rounds() async throws {
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    try world.write("sun sea\nice snow\nfrost\nsnow wind\n", "a.txt")
    try world.write("bb ice snow\nbb sun sea\nbb frost\nbb snow wind\n", "b.txt")
    let encoder = ["--base", world.model.path, "--prefix", "none", "--threads", "1"]
    let arguments =
      ["mine", "--source", path("a.txt=aa"), "--target", path("b.txt=bb")] + encoder
    let mined = try await Program.run(
      arguments + [
        "--threshold", "0", "--rounds", "2", "--adapter", path("moved"), "--output",
        path("pairs.tsv"),
      ])
    #expect(mined.status == 0, "\(mined.errors)")
    #expect(mined.errors.contains("round 2: "), "\(mined.errors)")
    #expect(!FileManager.default.fileExists(atPath: path("pairs.tsv.work")))
    let again = try await Program.run(
      arguments + ["--threshold", "0", "--target-below", path("moved")])
    #expect(again.status == 0, "\(again.errors)")
    #expect(try String(contentsOfFile: path("pairs.tsv"), encoding: .utf8) == again.output)

    for (options, message) in [
      (["--rounds", "2", "--output", path("x")], "--tune or --threshold"),
      (["--rounds", "2", "--threshold", "1"], "name --output or --work"),
      (["--rounds", "0"], "at least 1"),
      (["--adapter", path("x")], "give --rounds"), (["--epochs", "2"], "give --rounds"),
      (
        ["--rounds", "2", "--threshold", "1", "--work", path("w"), "--target-below", "x"],
        "leave out --model"
      ),
    ] {
      let outcome = try await Program.run(arguments + options)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  private static let german = [
    "Ein kurzer Satz.", "Dieser Satz ist deutlich länger als der erste, und er hat zwei Teile.",
    "Noch einer.", "Der letzte Satz dieses Textes ist wieder lang genug, um aufzufallen.",
  ]
  private static let english = [
    "A short sentence.", "This sentence is clearly longer than the first;", "it has two parts too.",
    "One more.", "The last sentence of this text is long enough again to be noticed.",
  ]

  @Test("sentences are aligned by length, and measured")
  func byLength() async throws {
    let (german, english) = (Self.german, Self.english)
    try world.write(german.joined(separator: "\n") + "\n", "de.txt")
    try world.write(english.joined(separator: "\n") + "\n", "en.txt")
    let arguments = [
      "align-sentences", "--method", "length", "--source", path("de.txt=de"), "--target",
      path("en.txt=en"),
    ]
    let aligned = try await Program.run(arguments)
    #expect(aligned.status == 0, "\(aligned.errors)")
    let lines = aligned.output.split(separator: "\n").map { String($0) }
    #expect(
      lines.map { $0.split(separator: ":").prefix(2).joined(separator: ":") }
        == ["[0]:[0]", "[1]:[1, 2]", "[2]:[3]", "[3]:[4]"])
    let table = try await Program.run(arguments + ["--format", "tsv"])
    let row = table.output.split(separator: "\n")[2].split(separator: "\t")
    #expect(row[1] == "2" && row[2] == "2-3" && row[4] == "\(english[1]) \(english[2])")

    try world.write("[0]:[0]\n[1]:[1]\n[]:[2]\n[2]:[3]\n[3]:[4]\n", "gold.txt")
    let measured = try await Program.run(arguments + ["--evaluate", path("gold.txt")])
    #expect(measured.output.contains("strict\t4\t4\t0.7500\t0.7500\t0.7500"), "\(measured.errors)")
    #expect(measured.output.contains("lax\t4\t4\t1.0000\t1.0000\t1.0000"))
  }

  @Test("documents of a file are aligned one by one, by vectors too")
  func documents() async throws {
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    try world.write("sun\nice\n\nfrost\nsea\nsand\n", "a.txt")
    try world.write("bb sun\nbb ice\n\nbb frost\nbb sea\nbb sand\n", "b.txt")
    let arguments = [
      "align-sentences", "--source", path("a.txt"), "--target", path("b.txt"), "--documents",
      "blank-lines", "--base", world.model.path, "--prefix", "none",
    ]
    let aligned = try await Program.run(arguments + ["--threads", "1"])
    #expect(aligned.status == 0, "\(aligned.errors)")
    #expect(
      aligned.output.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.split(separator: ":").prefix(2).joined(separator: ":")
      } == ["[0]:[0]", "[1]:[1]", "", "[0]:[0]", "[1]:[1]", "[2]:[2]", ""])
    let two = try await Program.run(arguments + ["--threads", "2", "--json"])
    #expect(
      two.output.contains(#""source":{"file":"\#(path("a.txt"))","lines":[4],"text":"frost"}"#))

    try world.write("\(path("a.txt"))\t\(path("b.txt"))\n", "pairs.tsv")
    let table = try await Program.run(
      ["align-sentences", "--pairs", path("pairs.tsv")] + arguments[5...] + ["--threads", "1"])
    #expect(table.output == aligned.output, "\(table.errors)")
  }

  @Test("mistakes of aligning are told in a sentence")
  func alignmentMistakes() async throws {
    try world.write("a\n\nb\n", "a.txt")
    try world.write("a\nb\n", "b.txt")
    try world.write("[0]:[7]\n", "gold.txt")
    try world.write("0:0\n", "bad.txt")
    let files = [
      "align-sentences", "--method", "length", "--source", path("a.txt"), "--target", path("b.txt"),
    ]
    for (line, status, message) in [
      (files + ["--documents", "blank-lines"], 65, "different numbers of documents"),
      (files + ["--evaluate", path("gold.txt")], 65, "there is no sentence 7"),
      (files + ["--evaluate", path("bad.txt")], 65, "bad.txt:1: the line is no alignment"),
      (files + ["--base", "e5-small"], 64, "takes no encoder"),
      (files + ["--pairs", "x"], 64, "--source and --target, or --pairs"),
      (["align-sentences"], 64, "--source and --target, or --pairs"),
      (files + ["--max-size", "1"], 64, "--max-size must be from 2 to 12"),
    ] as [([String], Int32, String)] {
      let outcome = try await Program.run(line)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
  }
}
