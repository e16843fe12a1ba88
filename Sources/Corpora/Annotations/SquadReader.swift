// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Takes the questions of a file in SQuAD's JSON, versions 1.1 and 2.0, as XQuAD, MLQA and others have it too.
///
/// The file is held in memory, its parts are decoded one paragraph after another.
public final class SquadReader {
  /// What errors call the file.
  public let name: String
  private var scanner: JSONScanner
  private var state = State.start
  private var paragraphCount = 0
  private var title: String?
  /// Where lines were counted last: the byte and the line.
  private var counted = (byte: 0, line: 1)

  private enum State { case start, articles, paragraphs, end }

  /// Opens a file; `.gz` is unpacked, `-` is standard input.
  ///
  /// - Throws: `CorpusError` where there is none, or its text is not UTF-8.
  public init(_ path: String) throws(CorpusError) {
    // The whole file may be one line.
    let lines = try TextLines(path, limit: .max).open()
    name = lines.name
    var bytes: [UInt8] = []
    while let line = try lines.next() {
      bytes += line.utf8
      bytes.append(UInt8(ascii: "\n"))
    }
    scanner = JSONScanner(bytes: bytes)
  }

  /// All questions of a file.
  public static func read(_ path: String) throws(CorpusError) -> [QuestionRecord] {
    let reader = try SquadReader(path)
    var result: [QuestionRecord] = []
    while let questions = try reader.next() { result += questions }
    return result
  }

  /// The questions of the next paragraph; nil at the end.
  ///
  /// - Throws: `CorpusError` with file and line, where the JSON is not SQuAD's, or an answer does not stand where it is said to.
  public func next() throws(CorpusError) -> [QuestionRecord]? {
    while true {
      switch state {
      case .start:
        guard try enter("{", key: "data") else {
          throw problem("there is no 'data' in the file, so it is not SQuAD's JSON")
        }
        state = .articles
        if scanner.take("]") { state = .end }
      case .articles:
        // Of an article only what stands in front of its paragraphs can be its title.
        guard try enter("{", key: "paragraphs") else {
          throw problem("the article has no 'paragraphs'")
        }
        state = .paragraphs
        if scanner.take("]") { try leaveArticle() }
      case .paragraphs:
        let start = scanner.index
        guard scanner.skipValue() else { throw problem("the JSON is broken") }
        let questions = try questions(of: start..<scanner.index)
        if !scanner.take(",") {
          guard scanner.take("]") else { throw problem("the JSON is broken") }
          try leaveArticle()
        }
        paragraphCount += 1
        return questions
      case .end:
        guard paragraphCount > 0 else { throw problem("the file has no paragraphs in it") }
        return nil
      }
    }
  }

  /// Goes into the list under a key of the object that comes next.
  private func enter(_ sign: Unicode.Scalar, key wanted: String) throws(CorpusError) -> Bool {
    guard scanner.take(sign) else { throw problem("expected a JSON object") }
    title = nil
    while let key = scanner.string() {
      guard scanner.take(":") else { throw problem("the JSON is broken") }
      if key == Array(wanted.utf8) {
        guard scanner.take("[") else { throw problem("'\(wanted)' is not a list") }
        return true
      }
      scanner.skipSpaces()
      if key == Array("title".utf8), scanner.peek == UInt8(ascii: "\"") {
        title = scanner.string().map { String(decoding: $0, as: UTF8.self) }
      } else if !scanner.skipValue() {
        throw problem("the JSON is broken")
      }
      guard scanner.take(",") else { break }
    }
    return false
  }

  private func leaveArticle() throws(CorpusError) {
    while scanner.take(",") {
      guard scanner.string() != nil, scanner.take(":"), scanner.skipValue() else {
        throw problem("the JSON is broken")
      }
    }
    guard scanner.take("}") else { throw problem("the JSON is broken") }
    if scanner.take(",") {
      state = .articles
    } else if scanner.take("]") {
      state = .end
    } else {
      throw problem("the JSON is broken")
    }
  }

  private struct Paragraph: Decodable {
    struct Question: Decodable {
      var id: Identifier
      var question: String
      var answers: [Answer]?
      var is_impossible: Bool?
    }

    struct Answer: Decodable {
      var text: String
      var answer_start: Int
    }

    var context: String
    var qas: [Question]
  }

  /// Text, or a number taken as it is written.
  private struct Identifier: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(String.self)) ?? String(container.decode(Int.self))
    }
  }

  private func questions(of range: Range<Int>) throws(CorpusError) -> [QuestionRecord] {
    let line = lineNumber(at: range.lowerBound)
    let paragraph: Paragraph
    do {
      paragraph = try JSONDecoder().decode(
        Paragraph.self, from: Data(scanner.bytes[range]))
    } catch {
      throw CorpusError(
        .format, "the paragraph is not one of SQuAD's",
        expected: "'context', and 'qas' with 'id', 'question' and 'answers'", at: name, line: line)
    }
    let context = Array(paragraph.context.utf8)
    let starts = context.indices.filter { context[$0] & 0xC0 != 0x80 } + [context.count]
    var result: [QuestionRecord] = []
    for question in paragraph.qas {
      var answers: [QuestionRecord.Answer] = []
      // SQuAD 2.0 has answers that seem right beside questions without one, under another key.
      for answer in question.is_impossible == true ? [] : question.answers ?? [] {
        let text = Array(answer.text.utf8)
        guard !text.isEmpty, starts.indices.contains(answer.answer_start),
          context[starts[answer.answer_start]...].starts(with: text)
        else {
          throw CorpusError(
            .format,
            "an answer of question '\(question.id.text)' does not stand where it is said to",
            expected: "'\(answer.text)' at character \(answer.answer_start) of the context",
            hint: "characters are Unicode scalars, counted from 0", at: name, line: line)
        }
        let start = starts[answer.answer_start]
        answers.append(
          QuestionRecord.Answer(text: answer.text, bytes: start..<start + text.count))
      }
      result.append(
        QuestionRecord(
          identifier: question.id.text, question: question.question, context: paragraph.context,
          answers: answers, paragraph: paragraphCount, title: title))
    }
    return result
  }

  private func problem(_ message: String) -> CorpusError {
    CorpusError(.format, message, at: name, line: lineNumber(at: scanner.index))
  }

  /// Lines are counted as far as the reading has come, so that all of them together take one pass.
  private func lineNumber(at byte: Int) -> Int {
    let end = min(byte + 1, scanner.bytes.count)
    if end > counted.byte {
      let more = scanner.bytes[counted.byte..<end - 1].count { $0 == UInt8(ascii: "\n") }
      counted = (end - 1, counted.line + more)
    }
    return counted.line
  }
}
