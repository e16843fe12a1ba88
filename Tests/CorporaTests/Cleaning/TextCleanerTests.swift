// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("TextCleaner")
struct TextCleanerTests {
  private func clean(
    _ folder: TemporaryFolder, _ path: String, threads: Int = 1
  ) throws -> (report: CleaningReport, kept: String, rejected: String) {
    var cleaner = TextCleaner(try TextFilters.make(isParallel: false))
    cleaner.threads = threads
    let reader = try RecordReader([path], layout: RecordLayout(path: path), invalid: .drop)
    let (kept, rejected) = (folder.path("kept"), folder.path("rejected"))
    let writers = (try LineWriter(kept), try LineWriter(rejected))
    let report = try cleaner.run([reader], to: [writers.0], rejected: writers.1)
    try writers.0.commit()
    try writers.1.commit()
    return (
      report, try String(contentsOfFile: kept, encoding: .utf8),
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: rejected)), as: UTF8.self)
    )
  }

  @Test("counts what each filter removed, with the first ones and why")
  func report() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Data("A good line.\n\n<p>one</p>\n<p>two</p>\n".utf8) + [0x61, 0xff, 0x0a]
        + Data("Another good line.\n".utf8), to: "a.txt")
    let (report, kept, rejected) = try clean(folder, path)
    #expect(kept == "A good line.\nAnother good line.\n")
    #expect(report.read == 6 && report.kept == 2)
    let removed = report.filters.filter { $0.removed > 0 }.map { "\($0.name) \($0.removed)" }
    #expect(removed == ["unreadable 1", "length 1", "markup 2"])
    let markup = report.filters.first { $0.name == "markup" }
    #expect(markup?.examples.map(\.place) == ["\(path):3", "\(path):4"])
    #expect(markup?.examples.first?.texts == ["<p>one</p>"])
    #expect(rejected.hasPrefix("length\tempty\t\nmarkup\t2 marks, first '<p>'\t<p>one</p>\n"))
    #expect(rejected.split(separator: "\n").count == 4)
    #expect(report.table.text.contains("kept"))
  }

  @Test("keeps the first few of a line that comes again and again, and short ones all")
  func repeats() throws {
    let folder = try TemporaryFolder()
    let frame = "Subscribe to our weekly letter today"
    let lines = (0..<40).map { "\(frame)\nSentence number \($0) is about something else.\nYes.\n" }
    let path = try folder.write(lines.joined(), to: "a.txt")
    let (report, kept, _) = try clean(folder, path)
    #expect(kept.components(separatedBy: frame).count - 1 == 10)
    #expect(kept.components(separatedBy: "Yes.").count - 1 == 40)
    #expect(report.filters.first { $0.name == "boilerplate" }?.removed == 30)
  }

  @Test("gives the same with any number of threads")
  func threads() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<3000).map { $0 % 7 == 0 ? "<b>\($0)</b> x\n" : "Line \($0) of many here.\n" }
    let path = try folder.write(lines.joined(), to: "a.txt")
    let one = try clean(folder, path)
    let three = try clean(folder, path, threads: 3)
    #expect(one.kept == three.kept && one.rejected == three.rejected && one.report == three.report)
  }

  @Test("loses next to nothing of edited sentences in languages of SIB-200")
  func sib() throws {
    guard let data = SharedData.folder("sib200") else { return }
    let names = try FileManager.default.contentsOfDirectory(atPath: data.path).sorted()
    for (index, name) in names.enumerated() where index % 12 == 0 {
      let path = data.appendingPathComponent("\(name)/dev.tsv").path
      let reader = try RecordReader([path], layout: RecordLayout(path: path))
      let cleaner = TextCleaner(
        try TextFilters.make(isParallel: false), languages: [try LanguageTag(name)])
      let folder = try TemporaryFolder()
      let report = try cleaner.run([reader], to: [LineWriter(folder.path("kept"))])
      // One set has references of HTML left in it, which is what a filter is for.
      let markup = report.filters.first { $0.name == "markup" }?.removed ?? 0
      #expect(report.read - report.kept - markup <= 3, "\(name): \(report.table.text)")
    }
  }
}
