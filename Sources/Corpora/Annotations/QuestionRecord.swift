// SPDX-License-Identifier: Apache-2.0

/// A question about a text, with its answers as stretches of it.
public struct QuestionRecord: Sendable, Hashable {
  /// An answer and where it stands.
  public struct Answer: Sendable, Hashable {
    /// The answer.
    public var text: String
    /// Its bytes in the context, which hold just this text.
    public var bytes: Range<Int>
  }

  /// The question's name.
  public var identifier: String
  /// The question.
  public var question: String
  /// The text that it is asked of.
  public var context: String
  /// The answers that people gave; none where the text does not answer the question.
  public var answers: [Answer]
  /// The number of the paragraph in the file, from 0: what questions of one split must share.
  public var paragraph: Int
  /// The title of the article, where it has one.
  public var title: String?
}
