// SPDX-License-Identifier: Apache-2.0

import Torch

extension EncoderCheckpoint {
  /// The model with its head that gives each row a class, `*ForSequenceClassification`.
  ///
  /// It has the classes that `config.json` names in `id2label`, else as many as the weights have.
  public func sequenceClassifier() throws -> SequenceClassifier {
    let name = configuration.family == .bert ? "classifier" : "classifier.out_proj"
    let model = try SequenceClassifier(
      store.scope, configuration, classCount: classCount(name))
    _ = try unusedTensors()
    return model
  }

  /// The model with its head that gives each token a class, `*ForTokenClassification`.
  public func tokenClassifier() throws -> TokenClassifier {
    let model = try TokenClassifier(
      store.scope, configuration, classCount: classCount("classifier"))
    _ = try unusedTensors()
    return model
  }

  /// The model with its head that finds spans, `*ForQuestionAnswering`.
  public func spanExtractor() throws -> SpanExtractor {
    let model = try SpanExtractor(store.scope, configuration)
    _ = try unusedTensors()
    return model
  }

  /// The model with its head that guesses masked pieces, `*ForMaskedLM`.
  public func maskedLanguageModel() throws -> MaskedLanguageModel {
    let model = try MaskedLanguageModel(store.scope, configuration)
    _ = try unusedTensors()
    return model
  }

  private func classCount(_ head: String) throws -> Int {
    let stored = store.files.lazy.compactMap { $0.shape("\(head).weight")?.first }.first
    guard let stored else {
      // A fresh head: two classes unless the configuration says otherwise, as in transformers.
      return configuration.labels.isEmpty ? 2 : configuration.labels.count
    }
    guard configuration.labels.isEmpty || configuration.labels.count == stored else {
      throw TransformerError(
        .checkpoint,
        "the head '\(head)' has \(stored) classes, config.json names \(configuration.labels.count)",
        at: directory.path)
    }
    return stored
  }
}
