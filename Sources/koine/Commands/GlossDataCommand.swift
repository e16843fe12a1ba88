// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

struct GlossDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gloss",
    abstract: "Put behind each text what its words are in another language.",
    discussion: """
      Words and phrases that the dictionary knows become their first translation, in the order of the text; the rest stays. An encoder that knows
      a language badly understands its text better with such a gloss behind it, in retrieval, classification and alignment alike. Text of which
      the dictionary knows no word stays as it is.

      A dictionary is a word or phrase of the gloss's language and its translation, with a tab between, as for 'koine data code-switch': English
      and Basque, to gloss Basque in English.

      A line out for each line in, or a table with the same rows.

      Examples:
        koine data gloss --dictionary basque.txt < eu.txt > glossed.txt
        koine data gloss eu.tsv --dictionary basque.txt --output glossed.tsv
        koine retrieve --queries glossed.txt --documents en.txt --document-prefix query
      """)

  @Argument(help: "A table of texts, .tsv, .csv or .jsonl; lines on standard input without one.")
  var file: String?

  @Option(
    help: ArgumentHelp(
      "Words and their translations in the texts' language; may be repeated.", valueName: "file"))
  var dictionary: [String]

  @Option(help: ArgumentHelp("The language of the gloss.", valueName: "language"))
  var into = "en"

  @Option(
    help: ArgumentHelp(
      "The share of known words that are glossed, below 1 for text to learn from: as what is read later, it has words that are not known.",
      valueName: "share"))
  var rate = 1.0

  @Option(help: "Seeds which words are glossed.")
  var seed: UInt64 = 1

  @Flag(help: "The gloss alone, without the text.")
  var alone = false

  @Flag(help: "Write texts and glosses in Latin letters.")
  var romanize = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The table to write, .tsv or .jsonl.", valueName: "file"))
  var output: String?

  @OptionGroup var columns: ExampleColumnOptions

  func validate() throws {
    guard !dictionary.isEmpty else {
      throw ValidationError("--dictionary is missing: words and translations, as basque.txt")
    }
    guard rate > 0, rate <= 1 else {
      throw ValidationError("--rate must be above 0 and not above 1, found \(rate)")
    }
    guard (file == nil) == (output == nil) else {
      throw ValidationError(
        file == nil
          ? "--output is for a table: name its file, or take lines from standard output"
          : "--output is missing: the table to write, as glossed.tsv")
    }
  }

  func run() throws {
    let glosser = try Glosser(dictionary: dictionary, into: LanguageTag(into))
    var drawing = CodeSwitcher.Settings()
    (drawing.rate, drawing.choices, drawing.seed) = (rate, 1, seed)
    var (words, known) = (0, 0)
    func glossed(_ text: String) -> String {
      let gloss = glosser(text, drawing: drawing)
      words += gloss.words
      known += gloss.known
      let parts = (alone ? [] : [text]) + (alone || gloss.replaced > 0 ? [gloss.text] : [])
      return (romanize ? parts.map { Romanizer()($0) } : parts).joined(separator: " ")
    }
    guard let file, let output else {
      try TextLines("-").forEachBatch(of: 1024) { lines in
        Terminal.write(lines.map { glossed($0) + "\n" }.joined())
      }
      return tell(words, known)
    }
    let writer = try ExampleWriter(output, columns: [.identifier, .text, .label, .language])
    for var example in try columns.reader.read(file) {
      example.text = glossed(example.text)
      try writer.append(example)
    }
    try writer.finish()
    tell(words, known)
  }

  private func tell(_ words: Int, _ known: Int) {
    let share = words == 0 ? 0 : 100 * Double(known) / Double(words)
    Terminal.log("\(words) words, \(String(format: "%.1f", share)) % of them known")
  }
}
