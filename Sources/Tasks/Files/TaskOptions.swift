// SPDX-License-Identifier: Apache-2.0

import Transformers

/// How a task is to be set up, beyond what its examples say; what is nil is the task's own default.
public struct TaskOptions: Sendable, Equatable, Codable {
  /// What precedes each text.
  public var prefix = TextPrefix.none
  /// What precedes passages, where texts and passages are told apart; the text's own when nil.
  public var passagePrefix: TextPrefix?
  /// How tokens become one vector: the mean by default.
  public var pooling = Pooling.mean
  /// Whether a layer with tanh stands before the map to classes.
  public var hasDense = false
  /// What tags are; told by their spelling when nil.
  public var tags: TokenTagging.Kind?
  /// How tags of entities are chosen.
  public var decoding: TokenTagging.Decoding?
  /// Tokens that windows of a long text share.
  public var stride: Int?
  /// The most tokens of a window with a question.
  public var window: Int?
  /// The most tokens of an answer.
  public var answerLength: Int?
  /// Whether "no answer" is an answer; told by the examples when nil.
  public var allowsNoAnswer: Bool?
  /// The least number of a regression; that of the examples when nil.
  public var minimum: Double?
  /// The greatest number of a regression; that of the examples when nil.
  public var maximum: Double?
  /// What cosines are divided by in learning to retrieve.
  public var temperature: Double?
  /// Whether passages look for their queries too, as between translations.
  public var isSymmetric: Bool?
  /// Whether passages are compared with each other or judged each by itself, in reranking.
  public var objective: PassageReranking.Objective?

  /// The defaults.
  public init() {}
}
