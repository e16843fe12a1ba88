// SPDX-License-Identifier: Apache-2.0

/// A new piece's row is the mean of the rows of the old pieces that its text was cut into.
///
/// The text is cut as it stands in running text: at the beginning of a word, or inside one. Unknown pieces do not count; a
/// piece of which nothing else is left but the mark of a space is drawn.
///
/// - Requires: old pieces for the new text's letters; no data. A script that the base has never seen gets nothing of it.
/// - Cost: the new pieces are cut once.
/// - Source: Gee and others, Fast Vocabulary Transfer for Language Model Compression, 2022; Hewitt, 2021, for all pieces alike.
public struct MeanOfPieces: EmbeddingInitialization {
  /// The initialisation; it has no settings.
  public init() {}

  /// Copies pieces that both vocabularies have and takes means for the others.
  public func mixtures(
    for change: VocabularyChange, progress: (String) -> Void
  ) throws -> [RowMixture] {
    let unknown = change.old.unknownID
    return change.added.map { id in
      if let same = change.same[id] { return .copied(same) }
      guard id < change.newTexts.count, let text = change.newTexts[id] else { return .drawn }
      let ids = change.old.ids(of: text)
      let known = ids.filter { $0 != unknown }.map(Int.init)
      let saysNothing = known.allSatisfy { change.oldTexts[$0]?.bytes.isEmpty ?? true }
      guard !known.isEmpty, known.count == ids.count || !saysNothing else { return .drawn }
      return .mixed(known.map { RowMixture.Share($0, 1 / Double(known.count)) })
    }
  }
}
