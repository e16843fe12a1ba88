// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Transfer

/// Which encoder makes vectors of texts, for commands that compare texts of two languages.
struct SentenceEncoderOptions: ParsableArguments {
  @Option(
    help: "The encoder: a base's name, a model directory, or vectors:DIRECTORY. (default: e5-small)"
  )
  var base: String?

  @Option(help: "A model directory that 'koine run' made, in place of a base.")
  var model: String?

  @Option(
    help: "What precedes each text, as E5 models want it. (default: query, or the model's own)")
  var prefix: TextPrefix?

  @Flag(
    help:
      "Compute with weights of 8 bits: faster where the processor has VNNI, a little less exact.")
  var int8 = false

  func validate() throws {
    if base != nil, model != nil { throw ValidationError("--base and --model exclude each other") }
  }

  /// Whether any of them is given.
  var isGiven: Bool { base != nil || model != nil || prefix != nil || int8 }

  /// Opens the encoder; its vectors are kept in a folder where there is one.
  func vectors(keptIn folder: URL?) throws -> (vectors: TextVectors, encoder: any SentenceEncoder) {
    let directory =
      try model.map { URL(fileURLWithPath: $0) }
      ?? BaseModels.directory(base ?? "e5-small") { Terminal.log($0) }
    if let prefix, prefix != .none, SentenceEncoders.isStatic(directory) {
      throw ValidationError("--prefix is for E5 models; word vectors take a text as it is")
    }
    if int8 { EmbedCommand.tellOfKernel() }
    let encoder: any SentenceEncoder
    var settings = ""
    if model != nil {
      let description = try TextClassifier.description(of: directory)
      encoder = try SentenceEncoders.open(
        directory, prefix: prefix ?? description.prefix, pooling: description.pooling,
        maximumLength: description.maximumLength, isQuantized: int8)
      settings = description.pooling.rawValue
    } else {
      encoder = try SentenceEncoders.open(directory, prefix: prefix ?? .query, isQuantized: int8)
    }
    settings += " \(encoder.prefix.rawValue) \(encoder.maximumLength) \(int8)"
    var identity = settings
    if folder != nil {
      identity += try FileDigest.sha256(ofFolder: directory, where: SentenceEncoders.reads)
    }
    return (
      TextVectors(by: encoder, identity: identity, keptIn: folder) { Terminal.log($0) }, encoder
    )
  }
}

/// Where vectors are kept while and after they are made.
struct VectorWorkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Keep the texts' vectors here: a run that was killed goes on where it was, one with other settings uses them again. By default \
      beside --output until that is written.
      """, valueName: "folder"))
  var work: String?

  /// Runs `body` with the folder; vectors in one beside the output are removed when `body` is done.
  func withFolder(output: String?, _ body: (URL?) throws -> Void) throws {
    if let work { return try body(URL(fileURLWithPath: work)) }
    guard let output else { return try body(nil) }
    let folder = URL(fileURLWithPath: output + ".work")
    try body(folder)
    let files = FileManager.default
    guard let names = try? files.contentsOfDirectory(atPath: folder.path) else { return }
    // What else a folder of that name may hold is not ours.
    for name in names where name.hasSuffix(".npy") {
      try files.removeItem(at: folder.appendingPathComponent(name))
    }
    rmdir(folder.path)
  }
}
