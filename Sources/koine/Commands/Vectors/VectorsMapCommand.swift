// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossLingual
import Foundation
import WordVectors

struct VectorsMapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Bring the word vectors of languages into one space.",
    discussion: """
      Presets carry the names of the papers and programs that define them; options change single settings:
        procrustes              a rotation from a dictionary, after unit, center, unit
        muse                    the same without normalisation, refined five times by its own dictionary
        vecmap-orthogonal, vecmap-supervised, vecmap-semi-supervised, vecmap-identical, vecmap-unsupervised
        rcsls                   trained for CSLS, from Procrustes
        proc-b                  Procrustes with its dictionary enlarged once by mutual nearest neighbours
        cca, least-squares

      Several --source files are brought to one --target, the hub: each may name its dictionary behind '=', and --output is a folder.
      Hubs need a map that leaves the target as it is: orthogonal, least-squares or rcsls.

      Whether the languages came together is judged without a dictionary, and said at the end; --gate makes it a condition.

      Examples:
        koine vectors map --source en.vec --target it.vec --dictionary en-it.tsv --preset vecmap-supervised --output-source en.map.vec --output-target it.map.vec
        koine vectors map --source en.vec --target it.vec --preset vecmap-unsupervised --output-source en.map.vec --output-target it.map.vec
        koine vectors map --target en.vec --source it.vec=it-en.tsv --source de.vec=de-en.tsv --preset muse --output space
      """)

  @Option(
    help: ArgumentHelp(
      "The source language's vectors; repeat it for a hub.", valueName: "file[=dictionary]"))
  var source: [String]

  @Option(help: ArgumentHelp("The target language's vectors.", valueName: "file"))
  var target: String

  @Option(
    help: ArgumentHelp(
      "Pairs of words to learn from, source first, a tab between.", valueName: "file"))
  var dictionary: String?

  @Option(help: ArgumentHelp("The mapped source vectors to write.", valueName: "file"))
  var outputSource: String?

  @Option(help: ArgumentHelp("The mapped target vectors to write.", valueName: "file"))
  var outputTarget: String?

  @Option(
    help: ArgumentHelp("The folder for all languages, under the files' names.", valueName: "folder")
  )
  var output: String?

  @OptionGroup var recipe: MapRecipeOptions

  @Option(help: ArgumentHelp("Digits behind the point in text.", valueName: "count"))
  var decimals: Int?

  @Flag(
    help:
      "End with status 75, before its vectors are written, where a language did not come together with the target."
  )
  var gate = false

  @Flag(help: "Print what was learnt as one JSON document.")
  var json = false

  @OptionGroup var files: VectorFileOptions

  func validate() throws {
    guard !source.isEmpty else { throw ValidationError("--source is missing") }
    let built = try recipe.recipe()
    if source.count > 1 {
      guard output != nil else {
        throw ValidationError("several --source files need --output, a folder")
      }
      if case .weighted = built.method {
        throw ValidationError(
          "a hub needs a map that leaves the target as it is; choose --method orthogonal or another preset"
        )
      }
    }
    guard output != nil || outputSource != nil || outputTarget != nil else {
      throw ValidationError("name what to write: --output-source and --output-target, or --output")
    }
    for path in [outputSource, outputTarget].compactMap(\.self) {
      _ = try VectorFileOptions.format(nil, for: path)
    }
    if let decimals, !(0...17).contains(decimals) {
      throw ValidationError("--decimals must be from 0 to 17, found \(decimals)")
    }
  }

  func run() async throws {
    let built = try recipe.recipe()
    let right = try files.table(target)
    var reports: [MapReport] = []
    var mapped: [(name: String, VectorTable)] = []
    let threads = files.threads
    for (number, item) in source.enumerated() {
      let (path, named) = Self.parts(item)
      let left = try files.table(path)
      guard left.dimension == right.dimension else {
        throw WordVectorError(
          .argument, "the vectors of both languages differ in dimension",
          expected: "\(right.dimension) numbers as in \(target)", found: "\(left.dimension)",
          hint: "train both with the same dimension", at: path)
      }
      let pairs = try (named ?? dictionary).map { try VectorFileOptions.pairs($0) }
      let (outcome, validation) = try await TensorMatrixEngine.run(threads: threads) { engine in
        var trainer = MapTrainer(built, engine: engine, threads: threads)
        trainer.progress = { round in
          let objective = round.objective.map { ", \(LexiconReport.text($0))" } ?? ""
          Terminal.log("\(round.kind): \(round.pairs) pairs\(objective)")
        }
        let outcome = try trainer.train(left, right, dictionary: pairs)
        return (outcome, try outcome.validation(left, right, engine: engine, threads: threads))
      }
      let report = MapReport(path, outcome, validation)
      Terminal.log("\(path): \(report.statement)")
      if gate, validation.hasFailed {
        Terminal.log("\(path) is not written, as --gate demands")
        throw ExitCode(75)
      }
      reports.append(report)
      try await write(left, outcome.source, outputSource ?? folder(path))
      if number == 0 { try await write(right, outcome.target, outputTarget ?? folder(target)) }
      if source.count > 1 {
        let table = left.prefix(2000)
        mapped.append(
          (path, try table.replacingVectors(outcome.source.apply(to: table.vectors))))
        if number == 0 {
          let table = right.prefix(2000)
          mapped.insert(
            (target, try table.replacingVectors(outcome.target.apply(to: table.vectors))), at: 0)
        }
      }
    }
    let consistency = try Self.consistency(mapped, threads: threads)
    for item in consistency {
      Terminal.log(
        "\(item.first) to \(item.second): \(LexiconReport.text(item.agreement)) of words are translated alike directly and through the hub"
      )
    }
    if json {
      struct Document: Encodable {
        let maps: [MapReport]
        let consistency: [HubConsistency]
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let document = Document(maps: reports, consistency: consistency)
      Terminal.write(String(decoding: try encoder.encode(document), as: UTF8.self) + "\n")
    }
  }

  /// A file and the dictionary behind '=', where there is one.
  private static func parts(_ item: String) -> (path: String, dictionary: String?) {
    let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !FileManager.default.fileExists(atPath: item) else {
      return (item, nil)
    }
    return (String(sides[0]), String(sides[1]))
  }

  private func folder(_ path: String) -> String? {
    output.map {
      URL(fileURLWithPath: $0).appendingPathComponent(URL(fileURLWithPath: path).lastPathComponent)
        .path
    }
  }

  private func write(
    _ table: VectorTable, _ projection: VectorProjection, _ path: String?
  ) async throws {
    guard let path else { return }
    if output != nil {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: path).deletingLastPathComponent(),
        withIntermediateDirectories: true)
    }
    let format = try VectorFileOptions.format(nil, for: path)
    let (threads, decimals) = (files.threads, decimals)
    try await TensorMatrixEngine.run(threads: threads) { engine in
      try VectorFileOptions.write(path) { sink in
        var writer = try VectorTableWriter(
          format, words: table.words, dimension: projection.dimension, decimals: decimals,
          sink: sink)
        try projection.forEachBlock(of: table.vectors, engine: engine, threads: threads) { block in
          try writer.append(
            VectorMatrix(rows: block.count / projection.dimension, columns: projection.dimension) {
              _ = $0.update(from: block)
            })
        }
        try writer.finish()
      }
    }
  }

  private static func consistency(
    _ mapped: [(name: String, VectorTable)], threads: Int
  ) throws -> [HubConsistency] {
    guard mapped.count > 2, let hub = mapped.first else { return [] }
    var result: [HubConsistency] = []
    for first in 1..<mapped.count {
      for second in 1..<mapped.count where second != first {
        result.append(
          HubConsistency(
            first: mapped[first].name, second: mapped[second].name,
            agreement: try SpaceDiagnostics.agreement(
              from: mapped[first].1.vectors, through: hub.1.vectors, to: mapped[second].1.vectors,
              threads: threads)))
      }
    }
    return result
  }
}
