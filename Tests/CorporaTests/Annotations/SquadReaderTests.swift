// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Testing

@Suite("SquadReader")
struct SquadReaderTests {
  static func paragraph(_ context: String, _ questions: String) -> String {
    "{\"context\": \"\(context)\", \"qas\": [\(questions)]}"
  }

  static func question(_ id: String, _ answers: String, _ more: String = "") -> String {
    "{\"id\": \(id), \"question\": \"Q\"\(more), \"answers\": [\(answers)]}"
  }

  static func answer(_ text: String, _ start: Int) -> String {
    "{\"text\": \"\(text)\", \"answer_start\": \(start)}"
  }

  private func read(_ text: String) throws -> [QuestionRecord] {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) {
      try SquadReader.read(folder.write(text, to: "a.json"))
    }
  }

  @Test("places count scalars, and become bytes")
  func places() throws {
    let one = Self.paragraph(
      "Ein 👍 für e\\u0301t\\u00e9 \\ud83d\\ude00 heute",
      Self.question("\"a\"", Self.answer("für", 6)) + ","
        + Self.question("7", Self.answer("heute", 17)) + ","
        + Self.question("\"c\"", Self.answer("\\ud83d\\ude00", 15)))
    let records = try read(
      """
      {"version": "1.1", "data": [
        {"title": "T", "paragraphs": [\(one)], "more": [1, {"x": []}]},
        {"paragraphs": [], "title": "late"},
        {"title": "U", "paragraphs": [\(Self.paragraph("ab", "")), \(Self.paragraph("ab", Self.question("\"z\"", Self.answer("b", 1))))]}
      ], "after": null}
      """)
    #expect(records.map(\.identifier) == ["a", "7", "c", "z"])
    #expect(records.map(\.paragraph) == [0, 0, 0, 2])
    #expect(records.map(\.title) == ["T", "T", "T", "U"])
    for record in records {
      let context = Array(record.context.utf8)
      for answer in record.answers {
        #expect(Array(context[answer.bytes]) == Array(answer.text.utf8))
      }
    }
    #expect(records[0].answers[0].bytes == 9..<13)
  }

  @Test("questions without an answer have none, whatever seems right")
  func impossible() throws {
    let records = try read(
      "{\"data\": [{\"paragraphs\": ["
        + Self.paragraph(
          "ab",
          Self.question(
            "\"a\"", "",
            ", \"is_impossible\": true, \"plausible_answers\": [{\"text\": \"b\", \"answer_start\": 1}]"
          )
            + "," + "{\"id\": \"b\", \"question\": \"Q\"}") + "]}]}")
    #expect(records.map(\.answers) == [[], []])
  }

  static let mistakes: [(String, String, Int)] = [
    ("", "expected a JSON object", 0), ("[]", "expected a JSON object", 1),
    ("{\"a\": 1}", "no 'data'", 1), ("{\"data\": 3}", "'data' is not a list", 1),
    ("{\"data\": []}", "no paragraphs", 1),
    ("{\"data\": [\n{\"title\": \"x\"}]}", "no 'paragraphs'", 2),
    ("{\"data\": [{\"paragraphs\": [\n{\"context\": \"a\"}]}]}", "not one of SQuAD's", 2),
    ("{\"data\": [{\"paragraphs\": [\n{\"context\": \"a\", \"qas\": [", "broken", 2),
    (
      "{\"data\": [{\"paragraphs\": [\n\n" + paragraph("ab", question("\"q9\"", answer("b", 0)))
        + "]}]}",
      "question 'q9'", 3
    ),
    (
      "{\"data\": [{\"paragraphs\": [" + paragraph("ab", question("\"q\"", answer("b", 7)))
        + "]}]}", "at character 7", 1
    ),
    (
      "{\"data\": [{\"paragraphs\": [" + paragraph("ab", question("\"q\"", answer("b", -1)))
        + "]}]}", "at character -1", 1
    ),
  ]

  @Test("mistakes name file and line", arguments: mistakes)
  func refuses(text: String, words: String, line: Int) throws {
    let error = #expect(throws: CorpusError.self) { try read(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.file?.hasSuffix("a.json") == true)
    if line > 0 { #expect(error?.line == line) }
  }

  @Test(
    "XQuAD is read in every language, each answer where it is said to stand",
    .enabled(if: SharedData.folder("xquad") != nil, "no XQuAD beside the repository"))
  func xquad() throws {
    let folder = try #require(SharedData.folder("xquad"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }
    #expect(!files.isEmpty)
    for file in files {
      let records = try SquadReader.read(folder.appendingPathComponent(file).path)
      #expect(records.count == 1190)
      #expect(Set(records.map(\.paragraph)).count == 240)
      #expect(records.allSatisfy { !$0.answers.isEmpty })
    }
  }
}
