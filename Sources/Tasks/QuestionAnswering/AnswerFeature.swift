// SPDX-License-Identifier: Apache-2.0

import Subwords

/// A window of a text behind a question.
public struct AnswerFeature: TaskFeature {
  /// The window's row.
  public let rows: [TokenRow]
  /// The row's token at which the text begins.
  public let textStart: Int
  /// The bytes of the text that each of its tokens stands for, without white space at either end.
  public let offsets: [Range<Int>]
  /// The row's tokens that begin and end the answer, 0 and 0 where it is not in the window; nil to predict.
  public let target: ClosedRange<Int>?

  /// The windows of a text.
  ///
  /// - Parameter answer: nil to predict, nil inside for no answer, else its bytes.
  static func windows(
    _ input: QuestionInput, answer: Range<Int>??, _ rows: RowEncoder,
    _ configuration: ExtractiveAnswering.Configuration
  ) throws -> [AnswerFeature] {
    let limit = min(configuration.maximumLength, rows.maximumLength)
    let special = rows.tokenizer.configuration.postProcessor.addedCount(isPair: true)
    guard limit - special > 1 else {
      throw TaskError(
        .examples,
        "expected room for a question and a text beside \(special) special tokens, "
          + "found a maximum length of \(limit); raise it")
    }
    // A question takes half of a window at most.
    let questionLimit = max(1, min(configuration.maximumQuestionLength, (limit - special) / 2))
    let (question, length) = try cut(input.question, to: questionLimit, rows.tokenizer)
    let room = limit - special - length
    let encoding = try rows.tokenizer.encode(
      question, pair: input.context, recognizesSpecialTokens: false,
      truncation: Truncation(
        maximumLength: limit, strategy: .onlySecond,
        stride: max(0, min(configuration.stride, room / 2))))
    let bytes = Array(input.context.utf8)
    return ([encoding] + encoding.overflowing).map { window in
      let text = window.tokens.indices.filter { window.tokens[$0].sequenceID == 1 }
      let offsets = text.map { trimmed(window.tokens[$0].offsets, bytes) }
      let start = text.first ?? window.count
      return AnswerFeature(
        rows: [rows.row(window)], textStart: start, offsets: offsets,
        target: answer.map { $0.flatMap { place($0, in: offsets, start) } ?? 0...0 })
    }
  }

  /// A question without what is behind so many tokens, and its length in tokens.
  private static func cut(
    _ question: String, to limit: Int, _ tokenizer: Tokenizer
  ) throws -> (String, Int) {
    var text = question
    // A prefix may be cut otherwise than within the whole, so it is looked at again.
    while true {
      let tokens = try tokenizer.encode(
        text, addsSpecialTokens: false, recognizesSpecialTokens: false
      ).tokens
      guard tokens.count > limit else { return (text, tokens.count) }
      let bytes = Array(text.utf8)
      var end = min(tokens[limit].offsets.lowerBound, bytes.count - 1)
      while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      text = String(decoding: bytes[..<max(end, 0)], as: UTF8.self)
    }
  }

  /// Bytes without white space of ASCII at either end, and without SentencePiece's mark where text has it.
  private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    var (start, end) = (min(range.lowerBound, bytes.count), min(range.upperBound, bytes.count))
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    while start < end, isSpace(bytes[start]) { start += 1 }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// The row's tokens that an answer begins and ends with; nil where it is not wholly in the window.
  private static func place(
    _ answer: Range<Int>, in offsets: [Range<Int>], _ start: Int
  ) -> ClosedRange<Int>? {
    let inside = offsets.filter { !$0.isEmpty }
    guard let first = inside.first, let last = inside.last,
      first.lowerBound <= answer.lowerBound, answer.upperBound <= last.upperBound,
      let begin = offsets.firstIndex(where: { !$0.isEmpty && $0.upperBound > answer.lowerBound }),
      let end = offsets.lastIndex(where: { !$0.isEmpty && $0.lowerBound < answer.upperBound }),
      begin <= end
    else { return nil }
    return start + begin...start + end
  }
}
