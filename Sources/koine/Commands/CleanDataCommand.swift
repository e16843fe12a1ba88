// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

struct CleanDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Take out text, or pairs of texts, that nothing should be learned from.",
    discussion: """
      One language, in lines, a column or a key; or pairs, in two line-aligned files (--parallel) or in two \
      columns or keys. For example
        koine data clean --language th web.txt.gz --output kept.txt.gz --rejected out.tsv
        koine data clean --parallel --language de,en a.de a.en --output kept.de,kept.en
        koine data clean --language de,en --column source,target pairs.tsv --report report.json
        koine data clean --filter length:min-words=3 --filter ratio:max-ratio=2 --without url …

      What each filter removed is told on standard error. Filters and what can be set, with what it is unless \
      set; they judge in this order, and the first that objects takes the line:
      \(filters)
      """)

  private static let filters = TextFilters.specifications.map { filter in
    "  \(filter.name)\(filter.comparesPairs ? " (pairs)" : ""): \(filter.summary)\n"
      + filter.parameters.map { "    \($0.name)=\($0.value.formatted()): \($0.meaning)" }
      .joined(separator: "\n")
  }.joined(separator: "\n")

  @Argument(
    help: """
      Files of lines, .tsv or .jsonl, also with .gz; - is standard input. With --parallel two files of lines.
      """)
  var files: [String] = ["-"]

  @Flag(help: "Take two files as a source and its translation, line by line.")
  var parallel = false

  @Option(
    help: ArgumentHelp(
      "The language of the text, or of source and target between commas.", valueName: "tags"))
  var language: String?

  @Option(
    help: ArgumentHelp(
      "Set a filter's numbers, as length:min-chars=3,max-chars=500.", valueName: "setting"))
  var filter: [String] = []

  @Option(
    help: ArgumentHelp("Filters to use, between commas; all unless named.", valueName: "names"))
  var only: String?

  @Option(help: ArgumentHelp("Filters to leave out, between commas.", valueName: "names"))
  var without: String?

  @Option(
    help: ArgumentHelp(
      "Take out text in other languages too: 'default' for the model of koine data identify, or a fastText model.",
      valueName: "model"))
  var languageModel: String?

  @OptionGroup var input: RecordOptions

  @Option(
    name: .shortAndLong,
    help: "The file to write, also .gz; - is standard output. With --parallel two, between commas.")
  var output = "-"

  @Option(
    help: ArgumentHelp("Write removed lines here, after filter and reason.", valueName: "file"))
  var rejected: String?

  @Option(help: ArgumentHelp("Write counts and examples here as JSON.", valueName: "file"))
  var report: String?

  @Option(help: ArgumentHelp("Examples of each filter's work in the report.", valueName: "count"))
  var examples = 3

  func run() throws {
    let readers =
      parallel
      ? [
        try RecordReader(
          files, layout: RecordLayout(.lines), invalid: input.invalid ?? .drop,
          limit: input.maxLineBytes)
      ] : try input.readers(files, invalid: .drop)
    let isParallel = parallel || input.columns.count == 2
    let languages = try names(language).map { try LanguageTag($0) }
    let identifier = try languageModel.map {
      try FastTextIdentifier(
        contentsOf: $0 == "default" ? IdentificationModel.file { Terminal.log($0) }.path : $0)
    }
    let filters = try TextFilters.make(
      isParallel: isParallel, settings: filter.map { try TextFilters.Setting($0) },
      only: only.map { names($0) }, without: names(without), identifier: identifier)
    var cleaner = TextCleaner(filters, languages: languages)
    cleaner.exampleLimit = examples
    cleaner.threads = input.threads
    let writers = try (parallel ? names(output) : [output]).map { try LineWriter($0) }
    let rejects = try rejected.map { try LineWriter($0) }
    let result = try cleaner.run(readers, to: writers, rejected: rejects)
    for writer in writers { try writer.commit() }
    try rejects?.commit()
    Terminal.log(String(result.table.text.dropLast()))
    guard let report else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = try LineWriter(report)
    try file.write(line: String(decoding: encoder.encode(result), as: UTF8.self))
    try file.commit()
  }

  func validate() throws {
    if parallel {
      guard files.count == 2 else {
        throw ValidationError("--parallel takes two files, found \(files.count)")
      }
      guard names(output).count == 2 else {
        throw ValidationError("--parallel writes two files: name both in --output, between commas")
      }
      guard input.columns.isEmpty else {
        throw ValidationError("--parallel is for files of lines; for columns leave it out")
      }
    }
    guard input.columns.count <= 2 else {
      throw ValidationError("--column takes one column or a pair, found \(input.columns.count)")
    }
    let count = names(language).count
    let sides = parallel || input.columns.count == 2 ? 2 : 1
    guard count == 0 || count == sides else {
      throw ValidationError(
        "--language must name \(sides == 2 ? "two languages" : "one language"), found \(count)")
    }
    guard examples >= 0 else { throw ValidationError("--examples must not be negative") }
  }

  private func names(_ text: String?) -> [String] {
    text?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
  }
}
