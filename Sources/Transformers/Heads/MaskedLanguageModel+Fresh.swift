// SPDX-License-Identifier: Apache-2.0

import Torch

extension MaskedLanguageModel {
  /// Draws an encoder and its head anew, into a store that is fresh.
  ///
  /// As transformers initialises BERT and XLM-R: weights normal with a standard deviation of 0.02, embeddings with that of
  /// the configuration, biases zero, norms one, and the rows of padding zero. Numbers come from the engine's generator.
  public init(fresh configuration: EncoderConfiguration, in store: ParameterStore) throws {
    try self.init(store.scope, configuration)
    let padding = try Tensor([Int64(configuration.paddingID)])
    let embeddings = encoder.embeddings
    let tables =
      configuration.positionOffset > 0
      ? [embeddings.words, embeddings.positions] : [embeddings.words]
    try GradientMode.disabled { () throws(TorchError) in
      for table in tables { try table.fill(0, padding, with: 0) }
    }
  }
}
