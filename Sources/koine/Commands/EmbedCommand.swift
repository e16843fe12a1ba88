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

  @OptionGroup var sentenceEncoder: SentenceEncoderOptions

  @Option(
    help:
      "The language of the text, where it is known; word vectors ask for it, and models with glosses."
  )
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

  @OptionGroup var engine: EngineOptions

  func validate() throws {
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
    let encoder = try sentenceEncoder.open()
    let reading = try sentenceEncoder.reading()
    try LowerAdapters(below).apply(to: encoder)
    let matrix = try output.map { try NumpyWriter($0, width: encoder.width) }
    try TextLines("-").forEachBatch(of: 1024) { lines in
      let rows = encoder.rows(try reading(lines, language: language))
      let numbers = try encoder.embed(rows, language: language).elements(as: Float.self)
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
}
