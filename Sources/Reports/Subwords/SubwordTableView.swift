// SPDX-License-Identifier: Apache-2.0

import Subwords

/// The numbers of a vocabulary, language by language.
struct SubwordTableView {
  struct Row {
    let called: String
    let script: String
    let isPivot: Bool
    let cells: [Cell]
  }

  struct Cell {
    let value: String
    let tip: String
    /// The number for sorting; empty where there is none.
    let key: String
  }

  struct Column {
    let heading: String
    let meaning: String
  }

  let columns: [Column]
  let rows: [Row]

  init(_ vocabulary: VocabularyInspection) {
    let hasPivot = vocabulary.pivot != nil
    let hasBytes = vocabulary.pieces.bytes == 256
    var columns: [(String, String, (LanguageInspection) -> Cell)] = [
      ("Sentences", "how many were measured", { Self.count($0.sentences) }),
      ("Words", "what white space parts", { Self.count($0.partsWords ? $0.words : nil) }),
      ("Tokens", "nothing put around a sentence", { Self.count($0.tokens) }),
    ]
    if hasPivot {
      columns.append(("Cost", "tokens divided by the pivot's", { Self.cell($0.parity, 2) }))
    }
    columns += [
      ("Per word", "tokens for a word: fertility", { Self.cell($0.fertility, 2) }),
      ("Whole", "words that are one token, in percent", { Self.percent($0.wholeWords) }),
      ("Per char.", "tokens for a Unicode scalar", { Self.cell($0.tokensPerCharacter, 3) }),
      ("Bytes", "bytes of UTF-8 for a token", { Self.cell($0.bytesPerToken, 2) }),
      ("Unknown", "unknown tokens, in percent", { Self.percent($0.unknownRate) }),
    ]
    if hasBytes {
      columns.append(
        ("In bytes", "tokens that are bytes, in percent", { Self.percent($0.byteRate) }))
    }
    columns += [
      (
        "Rényi", "efficiency of order 2.5: how evenly pieces are used",
        { Self.cell($0.entropy?.renyiEfficiency.map { Estimate($0) }, 3) }
      ),
      ("Pieces", "different pieces used", { Self.count($0.types) }),
      ("Own", "pieces that no other language uses", { Self.count($0.ownTypes) }),
    ]
    self.columns = columns.map { Column(heading: $0.0, meaning: $0.1) }
    rows = vocabulary.languages.map { language in
      Row(
        called: language.language, script: language.script,
        isPivot: language.language == vocabulary.pivot, cells: columns.map { $0.2(language) })
    }
  }

  private static func count(_ count: Int?) -> Cell {
    Cell(value: Numbers.count(count), tip: "", key: count.map(String.init) ?? "")
  }

  private static func cell(_ estimate: Estimate?, _ decimals: Int, scale: Double = 1) -> Cell {
    var tip = ""
    if let low = estimate?.low, let high = estimate?.high {
      tip =
        "\(Numbers.fixed(low * scale, decimals: decimals)) to \(Numbers.fixed(high * scale, decimals: decimals))"
    }
    return Cell(
      value: Numbers.fixed(estimate.map { $0.value * scale }, decimals: decimals), tip: tip,
      key: sort(estimate?.value))
  }

  private static func percent(_ estimate: Estimate?) -> Cell {
    cell(
      estimate, (estimate?.value ?? 0) == 0 || (estimate?.value ?? 0) >= 0.001 ? 1 : 3, scale: 100)
  }

  /// A number as the page's script reads it.
  static func sort(_ value: Double?) -> String {
    value.flatMap { $0.isFinite ? String($0) : nil } ?? ""
  }
}
