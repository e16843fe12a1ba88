// SPDX-License-Identifier: Apache-2.0

extension CorpusDescription {
  /// The description as tables for people.
  public var text: String {
    var blocks = [overview.text]
    if languages.contains(where: { $0.labels.labelled > 0 }) { blocks.append(labelTable.text) }
    if languages.contains(where: { !$0.dialects.isEmpty }) {
      blocks.append(partTable("dialect", \.dialects).text)
    }
    if languages.contains(where: { !$0.domains.isEmpty }) {
      blocks.append(partTable("domain", \.domains).text)
    }
    if languages.contains(where: { !$0.suspects.isEmpty }) { blocks.append(suspectTable.text) }
    return blocks.joined(separator: "\n")
  }

  private static func percent(_ share: Double) -> String {
    PlainTable.fixed(100 * share, places: 1)
  }

  private static func about(_ isExact: Bool) -> String { isExact ? "" : "~" }

  private var overview: PlainTable {
    var table = PlainTable(
      [
        "language", "texts", "bytes", "scalars", "words", "types", "ttr", "median", "p95",
        "same %", "near %", "scripts",
      ], numeric: Set(1...10))
    for language in languages {
      table.append([language.language] + Self.cells(language.amount, near: language.nearDuplicates))
    }
    return table
  }

  private static func cells(_ amount: Amount, near: Double?) -> [String] {
    let scripts = amount.scripts.prefix(3).map { "\($0.name) \(percent($0.share))" }
    return [
      "\(amount.texts)", "\(amount.bytes)", "\(amount.scalars)", "\(amount.words)",
      "\(about(amount.typesAreExact))\(amount.types)",
      PlainTable.fixed(amount.typeTokenRatio, places: 3), "\(amount.length.median)",
      "\(amount.length.p95)",
      about(amount.exactDuplicatesAreExact) + percent(amount.exactDuplicates),
      near.map { percent($0) } ?? "", scripts.joined(separator: " "),
    ]
  }

  private var labelTable: PlainTable {
    var table = PlainTable(
      ["language", "labelled", "labels", "balance", "majority %", "foretold %", "doubtful", ""],
      numeric: Set(1...6))
    for language in languages where language.labels.labelled > 0 {
      let labels = language.labels
      let shares = labels.shares.prefix(8).map { "\($0.name) \($0.count)" }
      table.append([
        language.language, "\(labels.labelled)", "\(labels.shares.count)",
        PlainTable.fixed(labels.balance, places: 3), Self.percent(labels.majority),
        language.foretold.map { Self.percent($0) } ?? "", "\(language.suspectCount)",
        shares.joined(separator: ", ") + (labels.shares.count > 8 ? ", …" : ""),
      ])
    }
    return table
  }

  private func partTable(_ kind: String, _ parts: KeyPath<Language, [Part]>) -> PlainTable {
    var table = PlainTable(
      ["language", kind, "texts", "words", "ttr", "majority %", "js bits", "halves"],
      numeric: Set(2...7))
    for language in languages {
      for part in language[keyPath: parts] {
        table.append([
          language.language, part.name, "\(part.amount.texts)", "\(part.amount.words)",
          PlainTable.fixed(part.amount.typeTokenRatio, places: 3),
          part.labels.labelled > 0 ? Self.percent(part.labels.majority) : "",
          PlainTable.fixed(part.divergence, places: 3),
          PlainTable.fixed(language.halves, places: 3),
        ])
      }
    }
    return table
  }

  private var suspectTable: PlainTable {
    var table = PlainTable(["doubtful", "label", "rather", "evidence", "text"])
    for language in languages {
      for suspect in language.suspects {
        table.append([
          suspect.place, suspect.label, suspect.other, suspect.evidence,
          TextCleaner.cut(Array(suspect.text.utf8), to: 60),
        ])
      }
    }
    return table
  }
}
