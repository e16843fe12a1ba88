// SPDX-License-Identifier: Apache-2.0

import Transformers

extension TaskModel {
  /// What the names of adapters begin with that stayed as they were below what was tuned.
  public static let lowerName = "below"

  /// The model with other adapters below what was tuned, as another language's in the place of the source language's (MAD-X).
  ///
  /// - Parameter lower: as many adapters as were below in tuning, the lowest first.
  /// - Throws: `TransformerError` where their number is another, or one belongs to another body.
  public func above(_ lower: [Adapter]) throws -> TaskModel {
    let count = adapters.prefix { $0.name.hasPrefix(Self.lowerName) }.count
    guard lower.count == count else {
      throw TransformerError(
        .configuration,
        count == 0
          ? "the model was tuned without adapters below, so that there is nothing to put others in the place of"
          : "expected as many adapters below as the model was tuned above, \(count), found \(lower.count)",
        at: directory.path)
    }
    for adapter in lower { try adapter.check(body: description.bodyHash) }
    var result = self
    result.adapters = lower + adapters.dropFirst(count)
    return result
  }
}
