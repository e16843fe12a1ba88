// SPDX-License-Identifier: Apache-2.0

import Subwords

/// One vocabulary's table, map and pieces.
struct SubwordVocabularyView {
  /// A bar of a list: how much of what.
  struct Amount {
    let label: String
    let amount: String
    let detail: String
    let width: String
    let inner: String
  }

  /// A column of a histogram.
  struct Length {
    let label: String
    let tip: String
    let height: String
    let tokenHeight: String
  }

  /// A language's own pieces.
  struct Own {
    let called: String
    let number: String
    let share: String
    let examples: [String]
    let sortNumber: String
    let sortShare: String
  }

  /// A language's nearest ones.
  struct Near {
    let called: String
    let script: String
    let nearest: String
    let sortNearest: String
  }

  /// What a pack buys.
  struct Bought {
    let called: String
    let total: String
    let languages: [Amount]
    let more: String
  }

  /// A step of the map's legend.
  struct Step {
    let level: Int
    let value: String
  }

  let anchor: String
  let vocabularyName: String
  let suffix: String
  let table: SubwordTableView
  let map: String
  let hasMap: Bool
  let steps: [Step]
  let near: [Near]
  let kinds: String
  let scripts: [Amount]
  let otherScripts: String
  let lengths: [Length]
  let longest: String
  let own: [Own]
  let packs: [Bought]
  let hasPacks: Bool

  init(_ vocabulary: VocabularyInspection, number: Int, isAlone: Bool) {
    anchor = "v\(number)"
    vocabularyName = vocabulary.name
    suffix = isAlone ? "" : " · \(vocabulary.name)"
    table = SubwordTableView(vocabulary)
    let overlap = vocabulary.overlap
    hasMap = overlap.languages.count > 1
    map = hasMap ? OverlapMap(matrix: overlap).svg : ""
    steps = OverlapMap.legend.map {
      Step(level: $0.level, value: Numbers.place($0.value))
    }
    near = overlap.languages.indices.map { row in
      let language = overlap.languages[row]
      let nearest = overlap.nearest(to: language, count: 4)
      return Near(
        called: language, script: overlap.scripts[row],
        nearest: nearest.map { "\($0.language) \(Numbers.fixed($0.value, decimals: 2))" }
          .joined(separator: ", "),
        sortNearest: SubwordTableView.sort(nearest.first?.value))
    }
    let census = vocabulary.pieces
    kinds =
      "\(Numbers.count(census.text)) pieces of text, \(Numbers.count(census.bytes)) bytes, "
      + "\(Numbers.count(census.special)) special or empty ids; \(Numbers.count(census.unused)) pieces of text are "
      + "not used on this text."
    let most = Double(census.scripts.first?.pieces ?? 1)
    scripts = census.scripts.prefix(Self.scriptLimit).map { script in
      Amount(
        label: script.script, amount: Numbers.count(script.pieces),
        detail: "\(script.script): \(Numbers.count(script.pieces)) pieces, "
          + "\(Numbers.count(script.used)) of them used, \(Numbers.count(script.tokens)) times",
        width: Numbers.place(Double(script.pieces) / most * 100),
        inner: Numbers.place(Double(script.used) / Double(max(1, script.pieces)) * 100))
    }
    let rest = census.scripts.dropFirst(Self.scriptLimit)
    otherScripts =
      rest.isEmpty
      ? ""
      : "And \(rest.count) more scripts with \(Numbers.count(rest.reduce(0) { $0 + $1.pieces })) pieces: "
        + rest.map { "\($0.script) \($0.pieces)" }.joined(separator: ", ") + "."
    (lengths, longest) = Self.histogram(census)
    own = vocabulary.languages.map { language in
      Own(
        called: language.language, number: Numbers.count(language.ownTypes),
        share: Numbers.percent(language.ownTokens),
        examples: language.ownPieces.map { HTMLText.snippet($0.piece, limit: 40) },
        sortNumber: String(language.ownTypes), sortShare: SubwordTableView.sort(language.ownTokens))
    }
    packs = Self.bought(vocabulary)
    hasPacks = !packs.isEmpty
  }

  private static let scriptLimit = 24
  private static let lengthLimit = 16

  private static func histogram(_ census: PieceCensus) -> ([Length], String) {
    // Beyond the limit all lengths share the last column.
    var pieces = [Int](repeating: 0, count: lengthLimit + 1)
    var tokens = pieces
    for length in census.lengths {
      pieces[min(length.length, lengthLimit)] += length.pieces
      tokens[min(length.length, lengthLimit)] += length.tokens
    }
    let first = pieces[0] > 0 ? 0 : 1
    let last = pieces.lastIndex { $0 > 0 } ?? first
    let (allPieces, allTokens) = (max(1, pieces.reduce(0, +)), max(1, tokens.reduce(0, +)))
    let shares = pieces.indices.map { index in
      (Double(pieces[index]) / Double(allPieces), Double(tokens[index]) / Double(allTokens))
    }
    let most = max(1e-9, shares.reduce(0) { max($0, $1.0, $1.1) })
    let columns = (first...max(first, last)).map { index in
      Length(
        label: index == lengthLimit ? "\(index)+" : "\(index)",
        tip: "\(index) characters: \(Numbers.count(pieces[index])) pieces "
          + "(\(Numbers.percent(shares[index].0)) %), \(Numbers.percent(shares[index].1)) % of the tokens",
        height: Numbers.place(shares[index].0 / most * 100),
        tokenHeight: Numbers.place(shares[index].1 / most * 100))
    }
    let longest = census.lengths.last.map { "The longest piece has \($0.length) characters." } ?? ""
    return (columns, longest)
  }

  private static func bought(_ vocabulary: VocabularyInspection) -> [Bought] {
    var names: [String] = []
    for use in vocabulary.packs where !names.contains(use.pack) { names.append(use.pack) }
    return names.map { name in
      let uses = vocabulary.packs.filter { $0.pack == name }
        .sorted { $0.saved != $1.saved ? $0.saved > $1.saved : $0.language < $1.language }
      let shown = uses.sorted {
        $0.share != $1.share ? $0.share > $1.share : $0.language < $1.language
      }
      .prefix(12)
      let most = max(1e-9, shown.first?.share ?? 1)
      let spared = uses.reduce(0) { $0 + $1.spared }
      return Bought(
        called: name,
        total: "saves \(Numbers.count(uses.reduce(0) { $0 + $1.saved })) tokens in \(uses.count) "
          + "\(uses.count == 1 ? "language" : "languages")"
          + (spared > 0
            ? "; without it \(Numbers.count(spared)) more tokens would be unknown, so that text is lost and "
              + "the numbers say little" : ""),
        languages: shown.map { use in
          Amount(
            label: use.language, amount: "\(Numbers.percent(use.share)) %",
            detail: "\(use.language): \(Numbers.count(use.tokens)) tokens are of the pack, "
              + "\(Numbers.count(use.saved)) saved, in \(Numbers.count(use.sentences)) sentences",
            width: Numbers.place(max(0, use.share) / most * 100), inner: "100")
        },
        more: uses.count > shown.count ? "and \(uses.count - shown.count) more languages" : "")
    }
  }
}
