// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("Deduplicator")
struct DeduplicatorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(
    _ deduplicator: Deduplicator, _ lines: [String], against: [String] = []
  ) throws -> (kept: [String], removed: [String], report: DeduplicationReport) {
    let path = try folder.write(lines.map { $0 + "\n" }.joined(), to: "a.txt")
    let other = try folder.write(against.map { $0 + "\n" }.joined(), to: "b.txt")
    let (kept, removed) = (folder.path("kept"), folder.path("removed"))
    let writers = (try LineWriter(kept), try LineWriter(removed))
    let report = try deduplicator.run(
      [RecordReader([path], layout: RecordLayout(.lines))],
      against: against.isEmpty ? [] : [RecordReader([other], layout: RecordLayout(.lines))],
      to: writers.0, removed: writers.1)
    try writers.0.commit()
    try writers.1.commit()
    func content(_ path: String) throws -> [String] {
      try String(contentsOfFile: path, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false
      ).dropLast().map(String.init)
    }
    return (try content(kept), try content(removed), report)
  }

  private func near(_ threshold: Double = 0.8, seed: UInt64 = 1) -> Deduplicator {
    var deduplicator = Deduplicator()
    deduplicator.method = .near(
      MinHash(count: 128, seed: seed), Banding(threshold: threshold, places: 128),
      threshold: threshold)
    return deduplicator
  }

  /// Sentences, some of which come again, whole or with a word changed.
  private func sentences(_ count: Int) -> [String] {
    var generator = StableGenerator(seed: 11)
    var lines: [String] = []
    for number in 0..<count {
      let choice = generator.next() % 10
      if choice < 2, let line = lines.randomElement(using: &generator) {
        lines.append(line)
      } else if choice < 4, let line = lines.randomElement(using: &generator) {
        lines.append(line.replacingOccurrences(of: " of ", with: " in "))
      } else {
        let words = (0..<14).map { _ in "w\(generator.next() % 3000)" }
        lines.append(words.joined(separator: " ") + " of number \(number)")
      }
    }
    return lines
  }

  @Test("keeps the first of equal lines, and their order, as awk '!seen[$0]++' does")
  func exact() throws {
    let lines = sentences(3000)
    let result = try run(Deduplicator(), lines)
    var seen: Set<String> = []
    #expect(result.kept == lines.filter { seen.insert($0).inserted })
    #expect(result.report.read == 3000 && result.report.removed == 3000 - seen.count)
    var counts: [String: Int] = [:]
    for line in lines { counts[line, default: 0] += 1 }
    #expect(result.report.groups == counts.values.count { $0 > 1 })
    #expect(result.report.largest.first?.copies == (counts.values.max() ?? 0) - 1)
  }

  @Test("tells texts apart that are only canonically equal, unless they are normalised first")
  func bytes() throws {
    let lines = ["\u{e9}", "e\u{301}", "É"]
    #expect(try run(Deduplicator(), lines).kept.count == 3)
    var folded = Deduplicator()
    folded.normalizer = try TextNormalizer(names: ["nfc", "casefold"])
    #expect(try run(folded, lines).kept.map { Array($0.utf8) } == [Array("\u{e9}".utf8)])
  }

  @Test("removes near copies, says of what, and leaves what is only similar")
  func nearCopies() throws {
    let lines = [
      "The quick brown fox jumps over the lazy dog near the old mill.",
      "The quick brown cat sleeps under the lazy dog beside the new mill.",
      "the quick brown fox jumps over the lazy dog, near the old mill",
      "The quick brown fox jumps over the lazy dog near the cold mill.",
      "Something else.", "Something else!", "", "…", "",
    ]
    let result = try run(near(), lines)
    #expect(result.kept == [lines[0], lines[1], lines[4], "", "…"])
    #expect(
      result.report.examples.map(\.original).map { $0.hasSuffix(":1") } == [
        true, true, false, false,
      ])
    #expect(result.report.examples[0].likeness == 1)
    #expect(result.removed[0].hasPrefix("1.000\t"))
    #expect((0.8..<1).contains(result.report.examples[1].likeness))
  }

  @Test("decides the same in many passes as in one", arguments: [6_000, 60_000])
  func passes(_ memory: Int) throws {
    let lines = sentences(300)
    for deduplicator in [Deduplicator(), near()] {
      let whole = try run(deduplicator, lines, against: Array(lines[100..<200]))
      var small = deduplicator
      small.memory = memory
      let parts = try run(small, lines, against: Array(lines[100..<200]))
      #expect(parts.kept == whole.kept)
      #expect(Set(parts.removed) == Set(whole.removed))
      #expect(parts.report.groups == whole.report.groups)
      #expect(parts.report.largest.map(\.copies) == whole.report.largest.map(\.copies))
      #expect(whole.report.passes == 1)
      if memory < 10_000 { #expect(parts.report.passes > 1) }
    }
  }

  @Test("gives the same for a seed with any number of threads")
  func threads() throws {
    let lines = sentences(2000)
    let one = try run(near(), lines)
    var many = near()
    many.threads = 3
    let three = try run(many, lines)
    #expect(one.kept == three.kept && one.report == three.report)
    #expect(try run(near(seed: 9), lines).report.removed > 0)
  }

  @Test("finds what planted copies there are, and takes nothing else")
  func recall() throws {
    let lines = sentences(3000)
    let result = try run(near(), lines)
    // A line is a copy where its number is one that has come.
    var seen: Set<Substring> = []
    let expected = lines.filter { line in
      seen.insert(line.split(separator: " ").suffix(1)[...].first ?? "").inserted
    }
    let missed = Set(result.kept).subtracting(expected)
    #expect(missed.count <= expected.count / 100)
    #expect(Set(expected).subtracting(result.kept).isEmpty)
  }

  @Test("takes out what is in another file, and with it the lines' own copies or not")
  func against() throws {
    let lines = [
      "one two three four five", "six seven eight nine ten", "six seven eight nine ten", "x",
    ]
    let other = ["x", "One, two, three, four, five."]
    #expect(try run(near(), lines, against: other).kept == [lines[1]])
    var only = near()
    only.keepsOwnCopies = true
    let result = try run(only, lines, against: other)
    #expect(result.kept == [lines[1], lines[1]])
    #expect(
      result.report.examples.map(\.original) == [
        folder.path("b.txt") + ":2", folder.path("b.txt") + ":1",
      ])
    only.memory = 1
    #expect(try run(only, lines, against: other).kept == [lines[1], lines[1]])
  }

  @Test("compares the column or key that holds the text, and writes the whole record")
  func fields() throws {
    let table = try folder.write("id\ttext\n1\ta\n2\ta\n3\tb\n", to: "t.tsv")
    let more = try folder.write("id\ttext\n4\tb\n5\tc\n", to: "u.tsv")
    let output = folder.path("out.tsv")
    let writer = try LineWriter(output)
    let readers = try [table, more].map { try RecordReader([$0], layout: RecordLayout(path: $0)) }
    let report = try Deduplicator().run(readers, to: writer)
    try writer.commit()
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "id\ttext\n1\ta\n3\tb\n5\tc\n")
    #expect(report.examples.map(\.place) == ["\(table):3", "\(table):5"].prefix(1) + ["\(more):2"])
  }

  @Test("refuses files whose columns differ")
  func headers() throws {
    let one = try folder.write("id\ttext\n", to: "t.tsv")
    let other = try folder.write("text\tid\n", to: "u.tsv")
    let readers = try [one, other].map { try RecordReader([$0], layout: RecordLayout(path: $0)) }
    let error = #expect(throws: CorpusError.self) {
      try Deduplicator().run(readers, to: LineWriter(folder.path("out")))
    }
    #expect(error?.file == other)
  }

  @Test(
    "reads sizes as people write them",
    arguments: [
      ("1GB", 1_000_000_000), ("1gib", 1 << 30), ("500 MB", 500_000_000), ("64k", 64_000),
      ("12", 12), ("1.5M", 1_500_000), ("x", nil), ("1XB", nil), ("", nil),
    ])
  func sizes(_ text: String, _ expected: Int?) { #expect(ByteSize(text)?.bytes == expected) }
}
