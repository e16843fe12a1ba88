// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

struct DeduplicateDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deduplicate",
    abstract: "Take out lines that are copies of earlier ones, exactly or nearly.",
    discussion: """
      The first of a group stays, and order with it. Examples
        koine data deduplicate web.txt.gz --output unique.txt.gz
        koine data deduplicate --near train.jsonl --key text --output unique.jsonl --removed copies.tsv
        koine data deduplicate --near train.tsv --against test.tsv --output clean.tsv
        koine data deduplicate --normalize profile,casefold names.txt

      Nearly means: of all runs of --shingle that two texts have, a share of --threshold or more is common \
      (Jaccard), as estimated by MinHash from --hashes places. Texts are compared that agree in a band of \
      --bands; the default, 128 places and a threshold of 0.8, makes \(usual.bands) bands of \
      \(usual.rows), in which texts meet by how much they have in common with a probability of
        \(usual.curve)
      Where the tables outgrow --memory, lines wait in a temporary file; the result is the same.
      """)

  private static let usual = Banding(threshold: 0.8, places: 128)

  @Argument(help: "Files of lines, .tsv or .jsonl, also with .gz; - is standard input.")
  var files: [String] = ["-"]

  @Flag(help: "Take out near copies too.")
  var near = false

  @Option(help: ArgumentHelp("How alike near copies are, above 0, at most 1.", valueName: "share"))
  var threshold = 0.8

  @Option(
    help: ArgumentHelp("What texts are compared by: chars:N or words:N.", valueName: "unit:count"))
  var shingle = "chars:5"

  @Option(help: ArgumentHelp("Places in a sketch: more estimate better.", valueName: "count"))
  var hashes = 128

  @Option(
    help: ArgumentHelp(
      "Bands of a sketch: more find more near the threshold. By default what finds 99 % there.",
      valueName: "count"))
  var bands: Int?

  @Option(help: "Seeds the hashes.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Steps of 'koine data normalize' to take before texts are compared.", valueName: "names"))
  var normalize: String?

  @Option(
    help: ArgumentHelp("The language whose profile --normalize takes.", valueName: "language"))
  var profile: String?

  @Option(
    help: ArgumentHelp(
      "Also take out copies of what is in this file; may be repeated.", valueName: "file"))
  var against: [String] = []

  @Flag(help: "With --against, leave copies among the lines themselves.")
  var onlyAgainst = false

  @Option(help: ArgumentHelp("Memory for the tables.", valueName: "size"))
  var memory = "1GB"

  @Option(help: ArgumentHelp("Where temporary files go.", valueName: "folder"))
  var temporary = FileManager.default.temporaryDirectory.path

  @OptionGroup var input: RecordOptions

  @Option(name: .shortAndLong, help: "The file to write, also .gz; - is standard output.")
  var output = "-"

  @Option(
    help: ArgumentHelp(
      "Write removed lines here, after likeness, place and the original's place.", valueName: "file"
    ))
  var removed: String?

  @Option(help: ArgumentHelp("Write counts, groups and examples here as JSON.", valueName: "file"))
  var report: String?

  func run() throws {
    var deduplicator = Deduplicator()
    if near {
      let minHash = MinHash(try shingles(), count: hashes, seed: seed)
      let banding =
        bands.map { Banding(bands: $0, rows: hashes / $0) }
        ?? Banding(threshold: threshold, places: hashes)
      deduplicator.method = .near(minHash, banding, threshold: threshold)
      Terminal.log("\(banding.bands) bands of \(banding.rows): texts meet at \(banding.curve)")
    }
    if let normalize {
      let names = normalize.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      deduplicator.normalizer = try TextNormalizer(
        names: names, language: profile.map { try LanguageTag($0) })
    }
    deduplicator.memory = ByteSize(memory)?.bytes ?? deduplicator.memory
    deduplicator.threads = input.threads
    deduplicator.temporaryFolder = temporary
    deduplicator.keepsOwnCopies = onlyAgainst
    let writer = try LineWriter(output)
    let rest = try removed.map { try LineWriter($0) }
    let result = try deduplicator.run(
      input.readers(files), against: input.readers(against), to: writer, removed: rest)
    try writer.commit()
    try rest?.commit()
    for place in result.unreadablePlaces { Terminal.log(place) }
    Terminal.log(String(result.text.dropLast()))
    guard let report else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = try LineWriter(report)
    try file.write(line: String(decoding: encoder.encode(result), as: UTF8.self))
    try file.commit()
  }

  func validate() throws {
    guard threshold > 0, threshold <= 1 else {
      throw ValidationError("--threshold must be above 0 and at most 1, found \(threshold)")
    }
    guard 1...4096 ~= hashes else {
      throw ValidationError("--hashes must be 1 to 4096, found \(hashes)")
    }
    if let bands, !(1...hashes ~= bands) {
      throw ValidationError("--bands must be 1 to --hashes (\(hashes)), found \(bands)")
    }
    guard let size = ByteSize(memory), size.bytes > 0 else {
      throw ValidationError("--memory must be a size as 500MB or 1GB, found '\(memory)'")
    }
    guard !onlyAgainst || !against.isEmpty else {
      throw ValidationError("--only-against needs --against")
    }
    guard profile == nil || normalize != nil else {
      throw ValidationError("--profile needs --normalize, as --normalize profile")
    }
    _ = try shingles()
  }

  private func shingles() throws -> Shingles {
    let parts = shingle.split(separator: ":", maxSplits: 1)
    guard let unit = Shingles.Unit(rawValue: String(parts.first ?? "")),
      parts.count == 1 || Int(parts[1]).map({ 1...1000 ~= $0 }) ?? false
    else {
      throw ValidationError(
        "--shingle must be chars:N or words:N, N at most 1000, found '\(shingle)'")
    }
    return Shingles(unit, length: parts.count == 2 ? Int(parts[1]) : nil)
  }
}
