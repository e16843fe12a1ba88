// SPDX-License-Identifier: Apache-2.0

import Tasks

/// A recipe's examples: labelled ones of the source language, sealed ones of every language.
public struct TaskData: Sendable {
  /// The classes.
  public var labels: LabelSet
  /// What is learned from.
  public var train: SourceExamples
  /// What settings are chosen on; nil when the data has no such split.
  public var development: SourceExamples?
  /// What is measured on, the source language first, then the others by name.
  public var test: [TargetExamples]
  /// A sample of each language's text without labels, for its mean; languages without any are absent.
  public var unlabelled: [String: [String]]
  /// How text of other languages is put to the encoder; as it is until that has been found out.
  public var reading = TextReading.plain
  /// One hash of all of it but the labels of test text, which no stage depends on.
  public var identity: String
}
