// SPDX-License-Identifier: Apache-2.0

/// A stretch of a text, with its place in units that other programs count in.
public struct AnswerSpan: Sendable, Hashable, Codable {
  /// The stretch itself.
  public let text: String
  /// Its first byte of UTF-8.
  public let start: Int
  /// The byte behind its last.
  public let end: Int
  /// Its first Unicode scalar, which Python calls a character.
  public let scalarStart: Int
  /// The scalar behind its last.
  public let scalarEnd: Int

  /// The stretch of some bytes of a text; it is widened to whole scalars.
  public init(_ bytes: Range<Int>, of context: String) {
    let text = Array(context.utf8)
    func isInside(_ place: Int) -> Bool { place < text.count && text[place] & 0xC0 == 0x80 }
    var start = min(max(bytes.lowerBound, 0), text.count)
    var end = min(max(bytes.upperBound, start), text.count)
    while isInside(start) { start -= 1 }
    while isInside(end) { end += 1 }
    self.start = start
    self.end = end
    self.text = String(decoding: text[start..<end], as: UTF8.self)
    scalarStart = text[..<start].count { $0 & 0xC0 != 0x80 }
    scalarEnd = scalarStart + text[start..<end].count { $0 & 0xC0 != 0x80 }
  }
}

/// A question and the text that it is asked of.
public struct QuestionInput: Sendable, Hashable, Codable {
  /// The question.
  public var question: String
  /// The text that the answer stands in.
  public var context: String

  /// A question and its text.
  public init(_ question: String, context: String) {
    self.question = question
    self.context = context
  }
}

/// What people answered.
public struct AnswerGold: Sendable, Hashable {
  /// The answers, each a stretch of the context in bytes of UTF-8; none where the text does not answer the question.
  public var answers: [(text: String, bytes: Range<Int>)]

  /// Answers with their places.
  public init(_ answers: [(text: String, bytes: Range<Int>)]) { self.answers = answers }

  /// Whether texts and places are the same.
  public static func == (left: Self, right: Self) -> Bool {
    left.answers.count == right.answers.count
      && zip(left.answers, right.answers).allSatisfy { $0 == $1 }
  }

  /// Hashes texts and places.
  public func hash(into hasher: inout Hasher) {
    for answer in answers {
      hasher.combine(answer.text)
      hasher.combine(answer.bytes)
    }
  }
}
