// SPDX-License-Identifier: Apache-2.0

import Corpora
import Testing

@Suite("ExampleReader, of pairs")
struct PairTests {
  private func reader() -> ExampleReader {
    var reader = ExampleReader()
    reader.textColumn = "premise"
    reader.pairColumn = "hypothesis"
    return reader
  }

  static let files = [
    ("a.tsv", "label\tpremise\thypothesis\nyes\tIt rains.\tIt is wet.\n"),
    ("a.csv", "premise,hypothesis,label\nIt rains.,\"It is wet.\",yes\n"),
    (
      "a.jsonl",
      "{\"premise\": \"It rains.\", \"hypothesis\": \"It is wet.\", \"label\": \"yes\"}\n"
    ),
  ]

  @Test("pairs are read from every format with names", arguments: files)
  func formats(name: String, text: String) throws {
    let folder = try TemporaryFolder()
    let examples = try reader().read(folder.write(text, to: name))
    #expect(examples == [Example(text: "It rains.", label: "yes", pair: "It is wet.")])
    // Written and read again they are the same.
    let path = folder.path("b.tsv")
    let writer = try ExampleWriter(path, columns: [.text, .pair, .label])
    for example in examples { try writer.append(example) }
    try writer.finish()
    var again = ExampleReader()
    again.pairColumn = "pair"
    #expect(try again.read(path) == examples)
  }

  @Test("scores are numbers, of text or of JSON")
  func scores() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [
      ("a.tsv", "premise\thypothesis\tlabel\na\tb\t3.5\nc\td\tmany\n"),
      (
        "a.jsonl",
        "\n{\"premise\": \"a\", \"hypothesis\": \"b\", \"label\": 3.5}\n{\"premise\": \"a\", \"hypothesis\": \"b\", \"label\": \"nan\"}\n"
      ),
    ] {
      let stream = try reader().open(folder.write(text, to: name))
      #expect(try stream.nextScored()?.score == 3.5)
      let error = #expect(throws: CorpusError.self) { try stream.nextScored() }
      #expect(error?.line == 3)
      #expect(error?.description.contains("the score is no number") == true)
    }
  }

  @Test("a missing column, an empty second text and formats without a place for it are refused")
  func mistakes() throws {
    let folder = try TemporaryFolder()
    func failure(_ name: String, _ text: String) throws -> String {
      let path = try folder.write(text, to: name)
      let error = #expect(throws: CorpusError.self) { try reader().read(path) }
      return error?.description ?? ""
    }
    #expect(try failure("a.tsv", "premise\tlabel\na\tb\n").contains("no column 'hypothesis'"))
    #expect(
      try failure("b.tsv", "premise\thypothesis\tlabel\na\t \tb\n").contains(
        "b.tsv:2: the second text is empty"))
    #expect(
      try failure("c.jsonl", "{\"premise\": \"a\", \"label\": \"b\"}").contains(
        "no key 'hypothesis'"))
    #expect(try failure("d.txt", "__label__x a\n").contains("no place for a second text"))
  }
}
