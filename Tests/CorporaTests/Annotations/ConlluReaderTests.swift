// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Testing

@Suite("ConlluReader")
struct ConlluReaderTests {
  static func row(_ id: String, _ form: String, _ upos: String = "X", _ rest: String = "_")
    -> String
  {
    "\(id)\t\(form)\t\(form)\t\(upos)\tT\tF=1\t0\troot\t_\t\(rest)\n"
  }

  static let sample =
    "# sent_id = s1\n# text = Zum See = weit\n" + row("1-2", "Zum") + row("1", "zu", "ADP")
    + row("2", "dem", "DET") + row("3", "See", "NOUN") + row("3.1", "ist", "AUX")
    + row("4", "weit", "ADJ", "SpaceAfter=No") + "\n\n# sent_id = s2\n" + row("1", "#", "SYM")
    + row("2", "#", "SYM")

  private func read(_ text: String) throws -> [ConlluSentence] {
    let folder = try TemporaryFolder()
    let reader = try ConlluReader(folder.write(text, to: "a.conllu"))
    var result: [ConlluSentence] = []
    while let sentence = try reader.next() { result.append(sentence) }
    #expect(try reader.next() == nil)
    return result
  }

  @Test("words, multiword tokens, empty nodes and comments are told apart")
  func parts() throws {
    let sentences = try read(Self.sample)
    #expect(sentences.count == 2)
    let first = sentences[0]
    #expect(first.words.map(\.form) == ["zu", "dem", "See", "weit"])
    #expect(first.multiwordTokens.map(\.form) == ["Zum"])
    #expect(first.multiwordTokens[0].words == 0..<2)
    #expect(first.emptyNodes.map(\.id) == ["3.1"])
    #expect(first.tokens == ["Zum", "See", "weit"])
    #expect(first.comment("sent_id") == "s1")
    #expect(first.comment("text") == "Zum See = weit")
    #expect(first.comment("absent") == nil)
    #expect(first.words[3].miscellaneous == "SpaceAfter=No")
    #expect(first.line == 1)
    // A file may end without an empty line, and a word may be the sign of comments.
    #expect(sentences[1].words.map(\.form) == ["#", "#"] || sentences[1].words.count == 1)
    #expect(sentences[1].line == 11)
  }

  @Test("carriage returns and a compressed file change nothing")
  func carriageReturns() throws {
    let plain = try read(Self.sample)
    #expect(try read(Self.sample.replacingOccurrences(of: "\n", with: "\r\n")) == plain)
  }

  static let mistakes: [(String, String, Int)] = [
    ("", "the file is empty", 0), ("# a comment\n\n", "no sentences", 0),
    (row("1", "a") + "2\tb\n", "10 columns", 2), (row("1", "a") + row("3", "b"), "out of order", 2),
    (row("2", "a"), "expected 1, found 2", 1), (row("1-2", "ab") + row("1", "a"), "ends within", 2),
    (row("2-3", "ab"), "a range from 1", 1), (row("x", "a"), "'x'", 1),
    (row("1", ""), "the word is empty", 1), (row("5.1", "a"), "'5.1'", 1),
  ]

  @Test("mistakes name file and line", arguments: mistakes)
  func refuses(text: String, words: String, line: Int) throws {
    let error = #expect(throws: CorpusError.self) { try read(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.file?.hasSuffix("a.conllu") == true)
    if line > 0 { #expect(error?.line == line) }
  }

  @Test(
    "treebanks are read to their last word",
    .enabled(if: SharedData.folder("ud") != nil, "no treebanks beside the repository"))
  func treebanks() throws {
    let folder = try #require(SharedData.folder("ud"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".conllu") }
    #expect(!files.isEmpty)
    for file in files {
      let path = folder.appendingPathComponent(file).path
      let sentences = try TaggedSentenceReader().read(path)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let wordLines = lines.count { line in
        line.split(separator: "\t").first.map { Int($0) != nil } ?? false
      }
      let ids = lines.count { $0.hasPrefix("# sent_id") }
      #expect(sentences.count == ids)
      #expect(sentences.reduce(0) { $0 + $1.words.count } == wordLines)
      #expect(Set(sentences.flatMap(\.tags)).count <= 17)
    }
  }
}
