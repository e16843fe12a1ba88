// SPDX-License-Identifier: Apache-2.0

/// A model that is an encoder with a head.
public protocol EncoderModel {
  /// The encoder.
  var encoder: Encoder { get set }
}

extension EncoderModel {
  /// The same model with what adapters change in its encoder; see ``Encoder/adapted(by:isTraining:)``.
  public func adapted(
    by composition: AdapterComposition, isTraining: Bool = false
  ) throws -> Self {
    var result = self
    result.encoder = try encoder.adapted(by: composition, isTraining: isTraining)
    return result
  }
}

extension MaskedLanguageModel: EncoderModel {}
extension SequenceClassifier: EncoderModel {}
extension SpanExtractor: EncoderModel {}
extension TokenClassifier: EncoderModel {}
