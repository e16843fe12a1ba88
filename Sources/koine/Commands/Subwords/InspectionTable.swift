// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Subwords

/// Inspections as rows of fields with tabs between them; what was not measured is empty.
enum InspectionTable {
  private static let columns: [(name: String, value: @Sendable (LanguageInspection) -> String)] = [
    ("lang", { $0.language }), ("script", { $0.script }), ("sentences", { "\($0.sentences)" }),
    ("tokens", { "\($0.tokens)" }), ("fertility", { number($0.fertility?.value, 3) }),
    ("tokens_per_char", { number($0.tokensPerCharacter?.value, 4) }),
    ("bytes_per_token", { number($0.bytesPerToken?.value, 3) }),
    ("unknown_rate", { number($0.unknownRate?.value, 5) }),
    ("byte_rate", { number($0.byteRate?.value, 5) }),
    ("whole_words", { number($0.wholeWords?.value, 4) }), ("cost", { number($0.parity?.value, 3) }),
    ("renyi_efficiency", { number($0.entropy?.renyiEfficiency, 4) }),
    ("pieces", { "\($0.types)" }), ("own_pieces", { "\($0.ownTypes)" }),
  ]

  static func text(_ inspections: [VocabularyInspection]) -> String {
    let isAlone = inspections.count == 1
    var text =
      ((isAlone ? [] : ["model"]) + columns.map(\.name)).joined(separator: "\t") + "\n"
    for inspection in inspections {
      for language in inspection.languages {
        let fields = (isAlone ? [] : [inspection.name]) + columns.map { $0.value(language) }
        text += fields.joined(separator: "\t") + "\n"
      }
    }
    return text
  }

  static func text(_ packs: [PackUse]) -> String {
    packs.reduce("pack\tlang\ttokens\tsaved\tshare\tspared\tsentences\n") { text, use in
      text + "\(use.pack)\t\(use.language)\t\(use.tokens)\t\(use.saved)\t"
        + "\(number(use.share, 4))\t\(use.spared)\t\(use.sentences)\n"
    }
  }

  /// Writes a row for each piece.
  static func write(_ pieces: [PieceRecord], to file: AtomicFile) throws {
    let spelling = PieceSpelling(escapes: true)
    try file.write("id\tpiece\tkind\tscript\tcount\tlanguages\n")
    for piece in pieces {
      var row = Array("\(piece.id)\t".utf8)
      spelling.append(piece.piece, to: &row)
      row += "\t\(piece.kind)\t\(piece.script)\t\(piece.count)\t\(piece.languages)\n".utf8
      try file.write(contentsOf: row)
    }
  }

  private static func number(_ value: Double?, _ decimals: Int) -> String {
    value.map { String(format: "%.\(decimals)f", $0) } ?? ""
  }
}
