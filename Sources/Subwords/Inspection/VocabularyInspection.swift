// SPDX-License-Identifier: Apache-2.0

/// What a vocabulary does to text in many languages, in numbers.
public struct VocabularyInspection: Sendable, Equatable, Codable {
  /// What the vocabulary is called.
  public var name: String
  /// The number of ids.
  public var size: Int
  /// The language that parity is measured against.
  public var pivot: String?
  /// The languages, by their codes.
  public var languages: [LanguageInspection]
  /// The pieces: of which script and length, and which of them are used.
  public var pieces: PieceCensus
  /// What the languages share.
  public var overlap: OverlapMatrix
  /// What each pack buys in each language that uses it, in the order of the packs.
  public var packs: [PackUse]

  /// The language of a code.
  public func language(_ code: String) -> LanguageInspection? {
    languages.first { $0.language == code }
  }
}

extension VocabularyInspector {
  /// The numbers that a tally comes to.
  public func inspection(of tally: InspectionTally) -> VocabularyInspection {
    let codes = tally.languages.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let size = tokenizer.vocabularySize
    let uses = codes.map { PieceCounts(tally.languages[$0]?.pieces ?? [:]) }
    let owners = PieceOwners(uses, vocabulary: size)
    let languages = codes.enumerated().compactMap { index, code -> LanguageInspection? in
      guard let sums = tally.languages[code] else { return nil }
      let own = owners.own(index, uses[index]).map { id, count in
        PieceUse(id: id, piece: tokenizer.piece(of: id) ?? "", count: count)
      }
      return LanguageInspection(
        code, sums, isPivot: code == pivot?.language, vocabulary: size, own: own)
    }
    let scripts = Dictionary(uniqueKeysWithValues: languages.map { ($0.language, $0.script) })
    return VocabularyInspection(
      name: name, size: size, pivot: pivot?.language, languages: languages,
      pieces: PieceCensus(tokenizer, measure.kinds, uses),
      overlap: OverlapMatrix(codes, scripts: codes.map { scripts[$0] ?? "Zyyy" }, uses, size),
      packs: packUses(tally, codes))
  }

  private func packUses(_ tally: InspectionTally, _ codes: [String]) -> [PackUse] {
    packs.indices.flatMap { pack in
      codes.compactMap { code -> PackUse? in
        guard let sums = tally.languages[code], sums.packs[pack].sentences > 0 else { return nil }
        let use = sums.packs[pack]
        return PackUse(
          pack: packs[pack].name, language: code, tokens: use.tokens, saved: use.saved,
          spared: use.spared,
          share: Double(use.saved) / Double(max(1, sums.counts[.tokens] + use.saved)),
          sentences: use.sentences)
      }
    }
  }
}

/// The pieces that a language uses, in the order of their ids.
struct PieceCounts: Sendable {
  let ids: [Int32]
  let counts: [Int]
  let total: Int

  init(_ pieces: [Int32: Int]) {
    let sorted = pieces.sorted { $0.key < $1.key }
    ids = sorted.map(\.key)
    counts = sorted.map(\.value)
    total = counts.reduce(0, +)
  }
}

/// Which language alone uses a piece.
private struct PieceOwners {
  /// For each id -1 where nobody uses it, -2 where several do, else the language's place.
  private var owners: [Int32]

  init(_ uses: [PieceCounts], vocabulary: Int) {
    owners = Array(repeating: -1, count: vocabulary)
    for (index, use) in uses.enumerated() {
      for id in use.ids where owners.indices.contains(Int(id)) {
        owners[Int(id)] = owners[Int(id)] == -1 ? Int32(index) : -2
      }
    }
  }

  /// The pieces of a language alone, the commonest first.
  func own(_ index: Int, _ use: PieceCounts) -> [(id: Int32, count: Int)] {
    zip(use.ids, use.counts).filter { owners[Int($0.0)] == Int32(index) }
      .map { (id: $0.0, count: $0.1) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.id < $1.id }
  }
}
