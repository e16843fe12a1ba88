// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch
import Transfer
import Transformers

extension TextPrefix: ExpressibleByArgument {}
extension Pooling: ExpressibleByArgument {}

struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Turn lines of text on standard input into sentence vectors.",
    discussion: """
      One line out for each line in: the numbers between spaces, or with --json an object with the key
      'embedding'. Vectors have length one.

      Examples:
        echo "Guten Morgen" | koine embed --json
        koine embed --prefix passage --output vectors.npy < documents.txt
        koine embed --base vectors:out/static --language de < saetze.txt
        koine embed --below aligned/eus < eus.txt
      """)

  @Option(
    help: "The base encoder: a name, a model directory, or vectors:DIRECTORY. (default: e5-small)")
  var base: String?

  @Option(help: "A model directory that 'koine run' made, in place of a base.")
  var model: String?

  @Option(
    help: "What precedes each text, as E5 models want it. (default: query, or the model's own)")
  var prefix: TextPrefix?

  @Option(help: "The language of the text, where it is known; word vectors ask for it.")
  var language: String?

  @Option(
    help: ArgumentHelp(
      "An adapter of the text's language, as 'koine align' makes them; may be repeated, the lowest first.",
      valueName: "folder"))
  var below: [String] = []

  @Flag(help: "Write one JSON object a line.")
  var json = false

  @Option(help: ArgumentHelp("Write a NumPy matrix to a file instead.", valueName: "file.npy"))
  var output: String?

  @Flag(help: "Compute with weights of 8 bits: much faster, a little less exact.")
  var int8 = false

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    if base != nil, model != nil { throw ValidationError("--base and --model exclude each other") }
    if json, output != nil { throw ValidationError("--json and --output exclude each other") }
    if let output, !output.hasSuffix(".npy") {
      throw ValidationError("--output must be a .npy file, found '\(output)'")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.embed() }
  }

  private func embed() throws {
    let encoder = try makeEncoder()
    try LowerAdapters(below).apply(to: encoder)
    if int8 { Self.tellOfKernel() }
    let matrix = try output.map { try NumpyWriter($0, width: encoder.width) }
    try TextLines("-").forEachBatch(of: 1024) { lines in
      let numbers = try encoder.embed(encoder.rows(lines), language: language).elements(
        as: Float.self)
      if let matrix { return try matrix.append(numbers) }
      var text = ""
      for start in stride(from: 0, to: numbers.count, by: encoder.width) {
        let row = numbers[start..<(start + encoder.width)].map(\.description)
        text +=
          json ? "{\"embedding\":[\(row.joined(separator: ","))]}" : row.joined(separator: " ")
        text += "\n"
      }
      Terminal.write(text)
    }
    try matrix?.finish()
    Self.tell(of: encoder)
  }

  /// Says what an encoder of word vectors could not read.
  static func tell(of encoder: any SentenceEncoder) {
    guard let encoder = encoder as? StaticEncoder, encoder.emptyCount > 0 else { return }
    Terminal.log(
      "\(encoder.emptyCount) texts have no word that the encoder knows; their vectors are 0")
  }

  /// Says where int8 gains nothing.
  static func tellOfKernel() {
    guard Int8Weight.Kernel.best < .vnni else { return }
    Terminal.log(
      "this processor lacks AVX-512 VNNI: --int8 is not faster here, only smaller")
  }

  /// A model's encoder takes text as its classifier does; a base takes it as E5 is meant to.
  private func makeEncoder() throws -> any SentenceEncoder {
    let directory =
      try model.map { URL(fileURLWithPath: $0) }
      ?? BaseModels.directory(base ?? "e5-small") { Terminal.log($0) }
    if let prefix, prefix != .none, SentenceEncoders.isStatic(directory) {
      throw ValidationError("--prefix is for E5 models; word vectors take a text as it is")
    }
    guard model != nil else {
      return try SentenceEncoders.open(
        directory, prefix: prefix ?? .query, isQuantized: int8)
    }
    let description = try TextClassifier.description(of: directory)
    return try SentenceEncoders.open(
      directory, prefix: prefix ?? description.prefix, pooling: description.pooling,
      maximumLength: description.maximumLength,
      isQuantized: int8)
  }
}
