// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Reports
import Subwords

struct SubwordsInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Measure what vocabularies do to text in many languages.",
    discussion: """
      Prints a row for each vocabulary and language, tab-separated: fertility (tokens per word), tokens per character,
      bytes per token, unknown and byte tokens, whole words, cost against the pivot, Rényi efficiency. With --output
      the whole evidence as one HTML page: charts, what languages share, each language's own pieces, packs.

      Data is one file for each language ('data/{lang}/dev.tsv', or news.txt=deu_Latn), or a .tsv, .csv or .jsonl
      with a language column. Sentences are aligned with the pivot's by their identifier, else by their line; in a
      file of several languages by their place among the sentences of their language.

      Words are what white space parts. Where most letters are of a script that writes none between words (Chinese,
      Japanese, Thai, Lao, Khmer, Burmese, Tibetan, …) numbers that count words are left out.

      Where a .tiers.json stands beside the first --model, what each of its packs buys in each language follows as a second
      table, behind an empty line: tokens of the pack, how many more there would be without it and how many of them unknown.

      Examples:
        koine subwords inspect --model spiece.model --data 'data/{lang}/dev.tsv' --pivot eng_Latn --output page.html
        koine subwords inspect --model old.model --model new.model --data de.txt=deu_Latn --data fr.txt.gz=fra_Latn
        koine subwords inspect --model tiers.model --data all.tsv --pack celtic=24000-24999 --json
      """)

  @Option(
    help: ArgumentHelp(
      "A vocabulary: a SentencePiece .model, a tokenizer.json, or a directory that holds one. Repeat it to compare.",
      valueName: "file"))
  var model: [String]

  @Option(
    help: ArgumentHelp(
      "Text: a path with {lang} in it, FILE=LANGUAGE, or a file with a language column.",
      valueName: "files"))
  var data: [String]

  @Option(
    help: ArgumentHelp("The language that others are compared with.", valueName: "language"))
  var pivot: String?

  @Option(
    help: ArgumentHelp(
      "Only these languages, with commas between; the pivot is always read.", valueName: "languages"
    ))
  var languages: String?

  @Option(
    help: ArgumentHelp("At most this many sentences of each language.", valueName: "count"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "Pieces of the first --model whose worth is measured instead of its packs, by their first and last id; repeat the name for more.",
      valueName: "name=first-last"))
  var pack: [String] = []

  @OptionGroup var packs: PackOptions

  @Option(help: "The column that holds the text.")
  var textColumn = "text"

  @Option(help: "The column that holds the language.")
  var langColumn = "lang"

  @Option(help: "The column that holds the identifier, where there is one.")
  var idColumn = "id"

  @Option(help: ArgumentHelp("Write the page.", valueName: "page.html"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write how often each piece of the first --model was used, and by how many languages; escapes as in 'encode'.",
      valueName: "pieces.tsv"))
  var pieces: String?

  @Flag(help: "Print everything as one JSON document instead of the table.")
  var json = false

  @Option(
    help: ArgumentHelp("Replicates of the bootstrap; 0 leaves intervals out.", valueName: "count"))
  var resamples = 400

  @Option(help: "Seeds the bootstrap.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard !model.isEmpty else { throw ValidationError("--model is missing") }
    guard !data.isEmpty else { throw ValidationError("--data is missing") }
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
    guard (0...10_000).contains(resamples) else {
      throw ValidationError("--resamples must be from 0 to 10000, found \(resamples)")
    }
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1, found \(limit)") }
    if pivot != nil, data.contains(where: { $0 == "-" || $0.hasPrefix("-=") }) {
      throw ValidationError(
        "--pivot needs files, which can be read twice; write standard input to one first")
    }
    if !pack.isEmpty, packs.packs != nil || packs.tiers != nil {
      throw ValidationError("--pack excludes --packs and --tiers")
    }
    _ = try namedPacks()
  }

  /// The packs whose worth is measured: those named by their ids, else those of the tiers.
  private func packs(of tokenizer: Tokenizer) throws -> [Pack] {
    guard pack.isEmpty else { return try namedPacks() }
    let tiers = try packs.tiers(of: tokenizer, at: model[0])
    guard let names = packs.names else { return tiers?.allPacks ?? [] }
    guard let tiers else {
      throw CorpusError(
        .file, "the vocabulary has no tiers to choose packs from",
        hint: "name the file with --tiers", at: model[0])
    }
    return try tiers.packs(named: names.filter { $0 != VocabularyTiers.coreName })
  }

  /// The packs in the order in which they are first named.
  private func namedPacks() throws -> [Pack] {
    var packs: [Pack] = []
    for text in pack {
      let sides = text.split(separator: "=", omittingEmptySubsequences: false)
      let ends = (sides.last ?? "").split(separator: "-").map { Int32($0) }
      guard sides.count == 2, !sides[0].isEmpty, ends.count == 2, let first = ends[0],
        let last = ends[1], first <= last, last < .max
      else {
        throw ValidationError(
          "--pack must be NAME=FIRST-LAST with ids, as celtic=24000-24999, found '\(text)'")
      }
      let ids = Set(first...last)
      if let index = packs.firstIndex(where: { $0.name == String(sides[0]) }) {
        packs[index].ids.formUnion(ids)
      } else {
        packs.append(Pack(String(sides[0]), ids: ids))
      }
    }
    return packs
  }

  func run() throws {
    let tokenizers = try model.map { try Tokenizer.named($0) }
    var source = InspectionSource(
      files: try data.flatMap { try LanguageFile.files(for: $0) }, limit: limit)
    source.reader.textColumn = textColumn
    source.reader.languageColumn = langColumn
    source.reader.identifierColumn = idColumn
    if let languages {
      source.languages =
        languages.split(separator: ",").map(String.init) + [pivot].compactMap(\.self)
    }

    var pivots = [PivotTokens?](repeating: nil, count: tokenizers.count)
    if let pivot { pivots = try source.pivot(pivot, tokenizers, threads: threads) }
    let names = Self.names(model)
    let packs = try packs(of: tokenizers[0])
    let inspectors = try tokenizers.enumerated().map { index, tokenizer in
      try VocabularyInspector(
        tokenizer, name: names[index], packs: index == 0 ? packs : [], pivot: pivots[index],
        resamples: resamples, seed: seed)
    }
    let tallies = try source.measure(inspectors, threads: threads)
    let inspections = zip(inspectors, tallies).map { $0.inspection(of: $1) }
    let comparisons = inspections.indices.dropFirst().map { index in
      VocabularyComparison(
        (inspections[0], tallies[0]), (inspections[index], tallies[index]))
    }
    let report = SubwordReport(
      title: names.joined(separator: ", "), vocabularies: inspections,
      comparisons: comparisons,
      facts: [.init("Text", data.joined(separator: ", ")), .init("Seed", "\(seed)")])
    if let pieces {
      let file = try AtomicFile(pieces)
      try InspectionTable.write(inspectors[0].pieces(of: tallies[0]), to: file)
      try file.commit()
    }
    if let output { try report.write(to: URL(fileURLWithPath: output)) }
    if json {
      try Terminal.write(json: report, asLine: true)
    } else {
      Terminal.write(InspectionTable.text(inspections))
      if !packs.isEmpty { Terminal.write("\n" + InspectionTable.text(inspections[0].packs)) }
    }
  }

  /// What to call the models: the last parts of their paths that tell them apart, without the names that all
  /// vocabularies have.
  static func names(_ paths: [String]) -> [String] {
    let usual: Set = [
      "tokenizer.json", "spiece.model", "tokenizer.model", "sentencepiece.bpe.model", "vocab.txt",
    ]
    let parts = paths.map { path in
      let parts = URL(fileURLWithPath: path).standardizedFileURL.pathComponents.filter { $0 != "/" }
      return parts.count > 1 && usual.contains(parts[parts.count - 1])
        ? parts.dropLast() : parts[...]
    }
    for count in 1...max(1, parts.map(\.count).max() ?? 1) {
      let names = parts.map { $0.suffix(count).joined(separator: "/") }
      if Set(names).count == names.count { return names }
    }
    return paths.enumerated().map { "\($1) (\($0 + 1))" }
  }
}
