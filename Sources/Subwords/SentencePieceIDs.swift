// SPDX-License-Identifier: Apache-2.0

/// How the ids of a SentencePiece model are numbered anew by a model family.
struct SentencePieceIDs: Sendable, Equatable {
  /// What is added to ordinary ids.
  var shift: Int
  /// Ids that go elsewhere: the model's own, and the family's.
  var moved: [(model: Int32, family: Int32)]

  static func == (left: SentencePieceIDs, right: SentencePieceIDs) -> Bool {
    left.shift == right.shift && left.moved.elementsEqual(right.moved, by: ==)
  }

  /// XLM-R, following fairseq: `<s>` 0, `<pad>` 1, `</s>` 2, `<unk>` 3, all others one up.
  static let xlmRoberta = SentencePieceIDs(shift: 1, moved: [(0, 3), (1, 0), (2, 2)])

  func publicID(_ id: Int32) -> Int32 {
    moved.first { $0.model == id }?.family ?? id &+ Int32(shift)
  }

  func modelID(_ id: Int32) -> Int32 {
    if let entry = moved.first(where: { $0.family == id }) { return entry.model }
    let model = id &- Int32(shift)
    return moved.contains { $0.model == model } ? -1 : model
  }
}
