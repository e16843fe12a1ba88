// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

struct NormalizeDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "normalize",
    abstract: "Make text one in what differs only by how it was typed.",
    discussion: """
      The steps are a language's profile unless --steps names others, which are done in the order given;
      'profile' among them stands for the profile's. For example
        koine data normalize --profile fa news.txt.gz --output clean.txt.gz
        koine data normalize --profile tr --steps profile,lowercase train.tsv --column text
        koine data normalize --profile sr --show
        echo 'Љубав' | koine data normalize --steps 'transliterate:Serbian-Latin/BGN'

      Steps:
      \(NormalizationStep.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
        transliterate:ID: a transform of CLDR, as Any-Latin, Cyrillic-Latin, Hans-Hant
      """)

  @Argument(help: "Files of lines, .tsv or .jsonl, also with .gz; - is standard input.")
  var files: [String] = ["-"]

  @Option(help: ArgumentHelp("The language whose profile is taken.", valueName: "language"))
  var profile: String?

  @Option(help: ArgumentHelp("Steps in their order, between commas.", valueName: "names"))
  var steps: String?

  @Flag(help: "Only show the steps that would be taken.")
  var show = false

  @OptionGroup var input: RecordOptions

  @Option(name: .shortAndLong, help: "The file to write, also .gz; - is standard output.")
  var output = "-"

  func run() throws {
    let language = try profile.map { try LanguageTag($0) }
    let names = steps.map {
      $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let normalizer = try TextNormalizer(names: names, language: language)
    guard !show else {
      for step in normalizer.steps { Terminal.write("\(step.name)\t\(step.summary)\n") }
      return
    }
    let writer = try LineWriter(output)
    let log = try NormalizationRun(normalizer, threads: input.threads).run(
      input.readers(files), to: writer)
    try writer.commit()
    input.report(log.damage)
    Terminal.log("\(log.changed) of \(log.count) texts changed")
  }
}
