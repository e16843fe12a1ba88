// SPDX-License-Identifier: Apache-2.0

/// Labelled text in the one language that a model may learn labels from.
///
/// Everything that learns takes this type, and only text of the source language gets into it. Text of
/// other languages comes as ``TargetExamples``, whose labels no code can read before predictions are in:
/// that is what makes zero-shot here a property of the types and not a promise.
public struct SourceExamples: Sendable {
  /// The source language.
  public let language: String
  /// The texts.
  public let texts: [String]
  /// The class of each text.
  public let labels: [Int]

  /// Examples of the source language.
  ///
  /// - Parameters:
  ///   - language: the source language's code.
  ///   - examples: texts with their labels and the language that each is in.
  ///   - labelSet: the classes; a label outside it is an error.
  public init(
    language: String, examples: [(text: String, label: String, language: String)],
    labelSet: LabelSet
  ) throws(TaskError) {
    var texts: [String] = []
    var labels: [Int] = []
    for example in examples {
      guard example.language == language else {
        throw TaskError(
          .leak,
          "an example in '\(example.language)' was given as training data of the source "
            + "language '\(language)'; zero-shot transfer learns from the source alone")
      }
      guard let index = labelSet.index(of: example.label) else {
        throw TaskError(
          .label, "the label '\(example.label)' does not occur in the training data", at: language)
      }
      texts.append(example.text)
      labels.append(index)
    }
    guard !texts.isEmpty else {
      throw TaskError(.examples, "expected labelled examples, found none", at: language)
    }
    self.language = language
    self.texts = texts
    self.labels = labels
  }

  /// How often each class occurs.
  public func counts(_ labelSet: LabelSet) -> [Int] {
    var counts = [Int](repeating: 0, count: labelSet.count)
    for label in labels { counts[label] += 1 }
    return counts
  }
}
