// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

struct DescribeDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract:
      "Say what a corpus consists of: sizes, scripts, labels, domains, copies, doubtful labels.",
    discussion: """
      Files, or a pattern with {lang} and {split} for a folder of languages. For example
        koine data describe train.tsv --label-column category
        koine data describe 'data/{lang}/{split}.tsv' --split train --json
        zcat web.gz | koine data describe --language sw

      Columns: words are estimated where a script has no spaces, and pairs of letters stand for them as types \
      there. ttr: types to tokens. same, near: texts that equal an earlier one, or have four fifths of their \
      5-letter runs in common with one, among the first --sample texts. balance: the labels' entropy by the \
      largest possible. foretold: labels that naive Bayes tells right from the other texts, ten-fold; doubtful: \
      labels that it strongly contradicts, or that a near copy does. js bits: Jensen-Shannon divergence of words \
      from the language's other texts; halves: that of random halves, for comparison. ~: estimated, within 2 %.
      """)

  @Argument(
    help: "Files in the formats of .tsv, .csv, .jsonl and .txt, also with .gz; - is lines of text.")
  var files: [String] = ["-"]

  @Option(help: ArgumentHelp("The files' format; by default the name tells.", valueName: "format"))
  var format: ExampleFormat?

  @Option(help: ArgumentHelp("Splits of a pattern, between commas.", valueName: "names"))
  var split = "train,dev,test"

  @Option(help: ArgumentHelp("The language, where no column tells it.", valueName: "tag"))
  var language: String?

  @Option(help: ArgumentHelp("The column or key of the text.", valueName: "name"))
  var textColumn = "text"

  @Option(help: ArgumentHelp("The column or key of the label.", valueName: "name"))
  var labelColumn = "label"

  @Option(help: ArgumentHelp("The column or key of the language.", valueName: "name"))
  var languageColumn = "lang"

  @Option(help: ArgumentHelp("The column or key of the dialect.", valueName: "name"))
  var dialectColumn = "dialect"

  @Option(help: ArgumentHelp("The column or key of the domain or register.", valueName: "name"))
  var domainColumn = "domain"

  @Option(
    help: ArgumentHelp(
      "Texts of each language that are compared with each other.", valueName: "count"))
  var sample = 5000

  @Option(help: ArgumentHelp("Doubtful labels of each language to list.", valueName: "count"))
  var suspects = 5

  @Option(
    help: ArgumentHelp(
      "What becomes of lines that are not UTF-8: drop, replace or stop.", valueName: "what"))
  var invalid = InvalidText.stop

  @Option(help: ArgumentHelp("The longest line, in bytes.", valueName: "bytes"))
  var maxLineBytes = TextLines.lengthLimit

  @Option(help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  func run() throws {
    var reader = ExampleReader()
    (reader.textColumn, reader.labelColumn) = (textColumn, labelColumn)
    (reader.languageColumn, reader.lengthLimit) = (languageColumn, maxLineBytes)
    (reader.format, reader.invalid) = (format, invalid)
    var columns = CorpusDescriber.Columns()
    (columns.dialect, columns.domain) = (dialectColumn, domainColumn)
    var describer = CorpusDescriber(sampleLimit: sample)
    describer.suspectLimit = suspects
    var damage = DamageLog()
    for (file, language) in try inputs() {
      damage.add(
        try describer.add(
          file: file, reader: reader, columns: columns, language: language ?? self.language,
          threads: threads))
    }
    var description = describer.description(threads: threads)
    description.unreadable = damage.count
    description.unreadablePlaces = damage.places
    for place in damage.places { Terminal.log(place) }
    guard json else {
      Terminal.write(description.text)
      return
    }
    try Terminal.write(json: description)
  }

  func validate() throws {
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
    guard sample >= 0, suspects >= 0 else {
      throw ValidationError("--sample and --suspects must not be negative")
    }
    guard maxLineBytes > 0 else {
      throw ValidationError("--max-line-bytes must be at least 1, found \(maxLineBytes)")
    }
    if let language { _ = try LanguageTag(language) }
  }

  /// The files, each with the language that a pattern says.
  private func inputs() throws -> [(file: String, language: String?)] {
    var inputs: [(file: String, language: String?)] = []
    for file in files {
      guard file.contains("{lang}") else {
        inputs.append((file, nil))
        continue
      }
      let pattern = try CorpusPattern(file)
      let before = inputs.count
      for split in split.split(separator: ",").map(String.init) {
        for language in try pattern.languages(split: split) {
          inputs.append((pattern.file(language: language, split: split).path, language))
        }
      }
      guard inputs.count > before else {
        throw CorpusError(.file, "no file fits the pattern", expected: "splits \(split)", at: file)
      }
    }
    return inputs
  }
}

extension ExampleFormat: ExpressibleByArgument {}
