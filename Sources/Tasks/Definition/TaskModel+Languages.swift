// SPDX-License-Identifier: Apache-2.0

import Transformers

extension TaskModel {
  /// What the names of adapters begin with that stayed as they were below what was tuned.
  public static let lowerName = "below"

  /// The model with other adapters below what was tuned: another language's in the place of the source language's (MAD-X), or where
  /// there was none.
  ///
  /// - Parameter lower: the adapters, the lowest first; those that were below in tuning go.
  /// - Throws: `TransformerError` where one belongs to another body, or the body itself was tuned.
  public func above(_ lower: [Adapter]) throws -> TaskModel {
    guard case .own = head else {
      throw TransformerError(
        .configuration,
        "adapters of languages go below what was tuned on a body that stayed as it is, and this one was tuned itself",
        at: directory.path)
    }
    for adapter in lower { try adapter.check(body: description.bodyHash) }
    var result = self
    result.adapters = lower + adapters.drop { $0.name.hasPrefix(Self.lowerName) }
    return result
  }
}
