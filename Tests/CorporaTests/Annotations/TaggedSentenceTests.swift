// SPDX-License-Identifier: Apache-2.0

import Corpora
import Testing

@Suite("TaggedSentenceReader")
struct TaggedSentenceTests {
  private func read(
    _ text: String, _ format: TaggedSentenceReader.Format? = nil, name: String = "a.txt"
  ) throws -> [TaggedSentence] {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) {
      try TaggedSentenceReader(format).read(folder.write(text, to: name))
    }
  }

  @Test("columns of CoNLL-2003, with documents between")
  func columns() throws {
    let text = """
      -DOCSTART- -X- -X- O

      Anna NNP B-NP B-PER
      rows VBZ B-VP O

      -DOCSTART- -X- -X- O


      Oslo NNP B-NP B-LOC
      """
    let sentences = try read(text)
    #expect(
      sentences == [
        TaggedSentence(words: ["Anna", "rows"], tags: ["B-PER", "O"]),
        TaggedSentence(words: ["Oslo"], tags: ["B-LOC"]),
      ])
    let parts = try read(text, .columns(word: 0, tag: 1))
    #expect(parts[0].tags == ["NNP", "VBZ"])
  }

  @Test("tabs keep spaces and other white space in words")
  func tabs() throws {
    let sentences = try read("New York\tB-LOC\na\u{a0}b\tO\n")
    #expect(
      sentences[0].words.map { Array($0.utf8) } == ["New York", "a\u{a0}b"].map { Array($0.utf8) })
    #expect(try read("a\u{a0}b O\n")[0].words.count == 1)
  }

  @Test("a number sign is a word unless its line is no row")
  func numberSigns() throws {
    let text = "# id 7f\n# O\n1 O\n\n# id 8a domain=en\nx O\n"
    let sentences = try read(text)
    #expect(sentences.map(\.words) == [["#", "1"], ["x"]])
  }

  @Test("the name tells CoNLL-U, and the column can be chosen")
  func conllu() throws {
    let name = "a.conllu"
    #expect(
      try read(ConlluReaderTests.sample, name: name)[0].tags == ["ADP", "DET", "NOUN", "ADJ"])
    #expect(try read(ConlluReaderTests.sample, .conllu(.xpos))[0].tags == ["T", "T", "T", "T"])
    #expect(try read(ConlluReaderTests.sample, .conllu(.features))[0].tags[0] == "F=1")
    #expect(try read(ConlluReaderTests.sample, .conllu(.relation))[0].tags[0] == "root")
  }

  static let mistakes: [(String, String, Int)] = [
    ("", "the file is empty", 0), ("\n\n", "no sentences", 0),
    ("a O\nb\n", "expected 2 columns", 2), ("a O\n\nb X O\n", "found 3", 3),
    ("a\n", "a word and its tag", 1), ("a\t\n", "the tag is empty", 1),
    ("\tO\n", "the word is empty", 1),
  ]

  @Test("mistakes name file and line", arguments: mistakes)
  func refuses(text: String, words: String, line: Int) throws {
    let error = #expect(throws: CorpusError.self) { try read(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    if line > 0 { #expect(error?.line == line) }
  }
}
