// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch
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

  /// Opens the encoder: a model's takes text as its classifier does, a base takes it as E5 is meant to.
  func open() throws -> any SentenceEncoder {
    let directory = try directory()
    if let prefix, prefix != .none, SentenceEncoders.isStatic(directory) {
      throw ValidationError("--prefix is for E5 models; word vectors take a text as it is")
    }
    if int8 { Self.tellOfKernel() }
    guard model != nil else {
      return try SentenceEncoders.open(directory, prefix: prefix ?? .query, isQuantized: int8)
    }
    let description = try TextClassifier.description(of: directory)
    return try SentenceEncoders.open(
      directory, prefix: prefix ?? description.prefix, pooling: description.pooling,
      maximumLength: description.maximumLength, isQuantized: int8)
  }

  /// How the encoder's text is put to it: a model's as its classifier does, a base's as it is.
  func reading() throws -> TextReading {
    model == nil ? .plain : try TextClassifier.reading(of: directory())
  }

  /// Opens the encoder, with adapters in its layers where there are any; its vectors are kept in a folder where there is one.
  func vectors(
    keptIn folder: URL?, below: LowerAdapters = LowerAdapters([])
  ) throws -> (vectors: TextVectors, encoder: any SentenceEncoder) {
    let encoder = try open()
    try below.apply(to: encoder)
    let pooling = (encoder as? TextEncoder)?.pooling.rawValue ?? ""
    var identity = "\(pooling) \(encoder.prefix.rawValue) \(encoder.maximumLength) \(int8)"
    if folder != nil {
      identity += try FileDigest.sha256(
        ofFolder: directory(),
        where: {
          SentenceEncoders.reads($0) || model != nil && TextClassifier.reads($0)
        })
      identity += try below.digest()
    }
    return (
      TextVectors(by: encoder, reading: try reading(), identity: identity, keptIn: folder) {
        Terminal.log($0)
      }, encoder
    )
  }

  private func directory() throws -> URL {
    try model.map { URL(fileURLWithPath: $0) }
      ?? BaseModels.directory(base ?? "e5-small") { Terminal.log($0) }
  }

  /// Says where int8 gains nothing.
  static func tellOfKernel() {
    guard Int8Weight.Kernel.best < .vnni else { return }
    Terminal.log(
      "this processor lacks AVX-512 VNNI: --int8 is not faster here, only smaller")
  }
}
