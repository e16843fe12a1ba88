// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// The pieces in the order of their ids, added tokens included; an empty string where an id has none.
  public var piecesByID: [String] {
    (0..<Int32(clamping: vocabularySize)).map { piece(of: $0) ?? "" }
  }

  /// The same tokenizer with the core and some packs in use: pieces of all other packs are never found in text, and no
  /// id moves.
  ///
  /// A SentencePiece model gets them marked as unused, and then does what SentencePiece does with such pieces.
  ///
  /// - Parameters:
  ///   - names: the packs; `core` adds nothing, so that the core can be named alone.
  ///   - tiers: how the vocabulary is divided.
  /// - Throws: ``SubwordError/Code/invalidArgument`` where there is no pack of a name.
  public func using(
    packs names: [String], of tiers: VocabularyTiers
  ) throws(SubwordError) -> Tokenizer {
    let chosen = try tiers.packs(named: names.filter { $0 != VocabularyTiers.coreName })
    let kept = Set(chosen.flatMap(\.ids))
    let unused = tiers.allPacks.reduce(into: Set<Int32>()) { $0.formUnion($1.ids) }
      .subtracting(kept)
    guard !unused.isEmpty else { return self }
    guard var model = configuration.sentencePiece else { return try without(unused) }
    for id in unused.sorted() {
      guard let index = configuration.modelIndex(of: id), model.kinds[index] != .unknown else {
        throw SubwordError(
          .invalidArgument,
          "expected packs of pieces that are text, found id \(id) in one; do the tiers belong to this vocabulary?"
        )
      }
      model.kinds[index] = .unused
    }
    var copy = configuration
    copy.model = try TokenizerConfiguration(sentencePiece: model).model
    copy.sentencePiece = model
    return try Tokenizer(copy)
  }
}

extension VocabularyTiers {
  /// What the core is called where packs are named.
  public static let coreName = "core"

  /// The packs for inspection; those of one name, as when a pack was extended, are one.
  public var allPacks: [Subwords.Pack] {
    var found: [Subwords.Pack] = []
    for pack in packs {
      let ids = Set(pack.ids.map { Int32($0) })
      if let index = found.firstIndex(where: { $0.name.utf8.elementsEqual(pack.name.utf8) }) {
        found[index].ids.formUnion(ids)
      } else {
        found.append(Subwords.Pack(pack.name, ids: ids))
      }
    }
    return found
  }

  /// The packs of some names, in the order of the vocabulary.
  ///
  /// - Throws: ``SubwordError/Code/invalidArgument`` where there is none of a name, with those that there are.
  public func packs(named names: [String]) throws(SubwordError) -> [Subwords.Pack] {
    let all = allPacks
    for name in names
    where !all.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      let known = all.map(\.name).joined(separator: ", ")
      throw SubwordError(
        .invalidArgument,
        "expected packs of this vocabulary (\(known.isEmpty ? "it has none" : known)), found “\(name)”"
      )
    }
    return all.filter { pack in names.contains { $0.utf8.elementsEqual(pack.name.utf8) } }
  }
}
