// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Foundation
import Tasks
import Torch
import Transfer
import WordVectors

struct AlignSentencesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "align-sentences",
    abstract: "Find which sentences of a document and of its translation say the same.",
    discussion: """
      A document is a file with a sentence a line, in order. FILE=LANGUAGE says which language it is in, which word vectors ask for.
      --documents blank-lines says that a file holds several, with blank lines between, as many on both sides. --pairs names a
      table with a pair of files a line, a tab between.

      Sentences are set beside each other by vectors, of up to --max-size less one neighbours taken together too, in time that grows with the number of
      sentences (vecalign), or by --method length by how long they are (Gale and Church), which needs no encoder.

      Out come vecalign's lines, [0, 1]:[0]:0.213: sentences of either side from 0, and a cost, 0 where a sentence has no counterpart; documents
      have a blank line between. --format tsv writes texts, lines from 1 and files, without what has no counterpart.

      --evaluate measures: strict and lax precision, recall and F1 against gold lines of the same form go to standard output, the alignments only
      to --output.

      Examples:
        koine align-sentences --source buch.de=de --target book.en=en > aligned.txt
        koine align-sentences --source buch.de --target book.en --method length --format tsv > pairs.tsv
        koine align-sentences --pairs files.tsv --source-language de --target-language en --evaluate gold.txt
      """)

  @Option(help: ArgumentHelp("A document, a sentence a line.", valueName: "file"))
  var source: String?

  @Option(help: ArgumentHelp("Its translation.", valueName: "file"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "A table of pairs of files without a header, a tab between.",
      valueName: "file"))
  var pairs: String?

  @Option(help: ArgumentHelp("The language of the table's sources.", valueName: "language"))
  var sourceLanguage: String?

  @Option(help: ArgumentHelp("The language of the table's targets.", valueName: "language"))
  var targetLanguage: String?

  @Option(help: "Whether a file is a document, or has some with blank-lines between.")
  var documents = DocumentPairs.Separation.file

  @Option(help: "How sentences are set beside each other: vectors or length.")
  var method = Method.vectors

  @OptionGroup var encoder: SentenceEncoderOptions

  @OptionGroup var alignment: AlignmentOptions

  @Option(help: "What is written: vecalign, tsv or jsonl.")
  var format: AlignmentFormat?

  @Option(
    help: ArgumentHelp(
      "Measure against gold alignments of all documents, a blank line between.", valueName: "file"))
  var evaluate: String?

  @Option(help: ArgumentHelp("Write the alignments to a file.", valueName: "file"))
  var output: String?

  @OptionGroup var work: VectorWorkOptions

  @Flag(help: "Write JSON: a line for each alignment, or one object for the measurement.")
  var json = false

  @OptionGroup var engine: EngineOptions

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case vectors
    case length
  }

  func validate() throws {
    guard (source == nil) == (target == nil), (source == nil) != (pairs == nil) else {
      throw ValidationError("expected --source and --target, or --pairs")
    }
    if method == .length, encoder.isGiven || work.work != nil {
      throw ValidationError("--method length takes no encoder, and so no --work")
    }
    if pairs == nil, sourceLanguage != nil || targetLanguage != nil {
      throw ValidationError("--source-language and --target-language go with --pairs")
    }
    if json, let format, format != .jsonl {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other")
    }
    if source == "-", target == "-" {
      throw ValidationError("only one of --source and --target can be standard input")
    }
  }

  func run() async throws {
    if method == .vectors { try await engine.prepare() }
    let command = self
    try await Compute.run { try command.align() }
  }

  private func align() throws {
    var pairs: DocumentPairs
    if let table = self.pairs {
      pairs = try DocumentPairs(table: table, separation: documents)
      (pairs.sourceLanguage, pairs.targetLanguage) = (sourceLanguage, targetLanguage)
    } else {
      pairs = try DocumentPairs(source ?? "", target ?? "", separation: documents)
    }
    let gold = try evaluate.map(pairs.gold)
    try work.withFolder(output: method == .vectors ? output : nil) { folder in
      let found = try aligning(pairs, folder).align(pairs.documents)
      let format = json ? .jsonl : format ?? .vecalign
      if let output {
        let file = try AtomicFile(output)
        try format.write(found, of: pairs.documents) { try file.write($0) }
        try file.commit()
      } else if gold == nil {
        try format.write(found, of: pairs.documents) { Terminal.write($0) }
      }
      if let gold {
        let report = AlignmentReport(found, gold: gold)
        Terminal.write(try json ? report.json : report.table)
      }
    }
  }

  private func aligning(_ pairs: DocumentPairs, _ folder: URL?) throws -> DocumentAligning {
    switch method {
    case .length: return DocumentAligning(.length(LengthAligner())) { Terminal.log($0) }
    case .vectors:
      let vectors = try encoder.vectors(keptIn: folder).vectors
      return DocumentAligning(
        .vectors(
          alignment.aligner, vectors, languages: (pairs.sourceLanguage, pairs.targetLanguage))
      ) { Terminal.log($0) }
    }
  }
}
