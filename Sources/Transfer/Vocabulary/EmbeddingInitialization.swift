// SPDX-License-Identifier: Apache-2.0

/// How the rows of new pieces are made of old ones, before anything is trained.
///
/// An initialisation says for each new piece which old rows it is mixed of; the same mixture then makes its row in every
/// table that has one for each piece: the word embeddings, and the map and the bias of an output layer.
public protocol EmbeddingInitialization {
  /// One mixture for each of ``VocabularyChange/added``, in that order.
  ///
  /// - Parameters:
  ///   - change: the two vocabularies.
  ///   - progress: told of what is done, a sentence at a time.
  func mixtures(
    for change: VocabularyChange, progress: (String) -> Void
  ) throws -> [RowMixture]
}

/// What a new row is made of.
public enum RowMixture: Sendable, Hashable {
  /// The old row as it is.
  case copied(Int)
  /// A sum of old rows by their weights.
  case mixed([Share])
  /// Drawn at random: nothing is known of the piece.
  case drawn

  /// An old row and its weight.
  public struct Share: Sendable, Hashable {
    /// The old id.
    public var id: Int
    /// How much of it.
    public var weight: Double

    /// So much of an old row.
    public init(_ id: Int, _ weight: Double) { (self.id, self.weight) = (id, weight) }
  }
}

/// The initialisations by the names that commands have for them.
public enum InitializationKind: String, Sendable, Codable, CaseIterable {
  /// The same piece keeps its row, others are drawn: ``CopiedOverlap``.
  case overlap
  /// The mean of the old pieces that the new one's text is cut into: ``MeanOfPieces``.
  case mean
  /// By static word vectors of both languages: ``WechselInitialization``.
  case wechsel
  /// By auxiliary vectors of the new vocabulary's pieces, learned from text: ``FocusInitialization``.
  case focus
}
