// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

struct CodeSwitchDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code-switch",
    abstract: "Make text of many languages out of one's, by dictionaries.",
    discussion: """
      Words and phrases that a dictionary knows are replaced by their translations; the rest of a text stays as it is. What comes of it keeps
      its label, and says what its source says: it is text to tune with, and one side of pairs to align with.

      A dictionary is a word or phrase of the text's language and its translation, with a tab between (.txt, .tsv with columns source and
      target, and what else 'koine align --pairs' reads). A tag can name the script that translations must be in: srp_Latn.

      The output is a table: id, text (the new one), pair (its source), label, lang. Texts of which nothing was replaced are not in it.

      Examples:
        koine data code-switch en.tsv --dictionary 'dictionaries/{lang}.txt' --originals en --output switched.tsv
        koine tune classification --train switched.tsv --output out/topics
        koine data code-switch en.txt --dictionary basque.txt=eus_Latn --rate 0.5 --copies 3 --output eus.tsv
        koine align --pairs eus.tsv --source-column pair --target-column text --output aligned/eus
      """)

  @Argument(help: "Files of text: .tsv, .csv, .jsonl, .txt of lines, also with .gz.")
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "A dictionary and the language of its translations, or a pattern with {lang}; may be repeated.",
      valueName: "file=language"))
  var dictionary: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The table to write, .tsv or .jsonl.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("The share of known words that are replaced.", valueName: "share"))
  var rate = CodeSwitcher.Settings().rate

  @Option(
    help: ArgumentHelp(
      "How many of a word's first translations are drawn from.", valueName: "count"))
  var choices = CodeSwitcher.Settings().choices

  @Flag(help: "Take words only as they stand in the dictionary, no inflected forms.")
  var exact = false

  @Option(help: ArgumentHelp("Drawings of each text for each language.", valueName: "count"))
  var copies = 1

  @Option(
    help: ArgumentHelp(
      "The most texts for each language, drawn by the seed; 0 for all.", valueName: "count"))
  var limit = 0

  @Option(
    help: ArgumentHelp(
      "Write the texts as they are too, once, with this language.", valueName: "language"))
  var originals: String?

  @OptionGroup var columns: ExampleColumnOptions

  @Option(help: ArgumentHelp("Seeds all draws.", valueName: "number"))
  var seed: UInt64 = 1

  @Flag(help: "Write what was done as JSON to standard output.")
  var json = false

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("expected a file of text") }
    guard !dictionary.isEmpty else {
      throw ValidationError(
        "--dictionary is missing: words and translations, as basque.txt=eus_Latn")
    }
    guard (0...1).contains(rate), rate > 0 else {
      throw ValidationError("--rate must be above 0 and at most 1, found \(rate)")
    }
    guard choices > 0, copies > 0, limit >= 0 else {
      throw ValidationError("--choices and --copies must be at least 1, --limit at least 0")
    }
  }

  func run() throws {
    let examples = try texts()
    let dictionaries = try DictionaryFiles(dictionary)
    let ownLanguage = try originals.map { try LanguageTag($0).description }
    let writer = try ExampleWriter(
      output, columns: [.identifier, .text, .pair, .label, .language])
    if let ownLanguage {
      for var example in examples {
        (example.pair, example.language) = (example.text, ownLanguage)
        try writer.append(example)
      }
    }
    var settings = CodeSwitcher.Settings()
    (settings.rate, settings.choices) = (rate, choices)
    (settings.isInflected, settings.seed) = (!exact, seed)
    var table = CodeSwitchTable()
    for language in dictionaries.languages {
      let dictionary = try dictionaries.read(language)
      let switcher = CodeSwitcher(dictionary, settings)
      var row = CodeSwitchTable.Row(dictionary)
      for copy in 0..<copies {
        for var example in switcher.sample(examples, limit: limit) {
          let switched = switcher(example.text, copy: copy)
          row.add(switched)
          guard switched.replaced > 0 else { continue }
          example.pair = example.text
          (example.text, example.language) = (switched.text, language.description)
          try writer.append(example)
        }
      }
      table.rows.append(row)
    }
    try writer.finish()
    if json { try Terminal.write(json: table.rows) } else { Terminal.write(table.text) }
    Terminal.log("\(output): \(table.count) texts of \(table.rows.count) languages")
  }

  private func texts() throws -> [Example] {
    let reader = columns.reader
    let examples = try files.flatMap { try reader.read($0) }
    guard !examples.isEmpty else {
      throw CorpusError(.file, "there is no text", expected: "at least one text", at: files[0])
    }
    return examples
  }
}
