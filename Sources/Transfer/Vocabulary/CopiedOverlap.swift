// SPDX-License-Identifier: Apache-2.0

/// A piece that both vocabularies have keeps its row; all others are drawn.
///
/// It is what others are compared with. An extension has no piece in common with what it extends, so there every new row is
/// drawn.
///
/// - Requires: a piece in common, where the vocabulary is replaced; no data.
/// - Cost: none.
/// - Source: the baseline of Minixhofer and others, 2022, and of Dobler and de Melo, 2023.
public struct CopiedOverlap: EmbeddingInitialization {
  /// The initialisation; it has no settings.
  public init() {}

  /// Copies and draws.
  ///
  /// - Throws: `RecipeError` where another vocabulary has no piece in common with the old one.
  public func mixtures(
    for change: VocabularyChange, progress: (String) -> Void
  ) throws -> [RowMixture] {
    guard change.same.contains(where: { $0 != nil }) else {
      throw RecipeError(
        .data,
        "expected pieces that both vocabularies have, found none; check that the vocabulary is the right one, or use "
          + "--initialization mean")
    }
    return change.added.map { change.same[$0].map { .copied($0) } ?? .drawn }
  }
}
