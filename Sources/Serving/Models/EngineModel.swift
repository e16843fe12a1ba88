// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Torch
import Transformers

/// A classifier or a bare encoder, a lane for each of the engine's threads, behind the server's protocol.
public struct EngineModel: ServedModel {
  /// What the model is.
  public let info: ServedModelInfo
  /// As many as the engine had threads when the model was opened.
  public let lanes: Int
  private let numbers: @Sendable (String) -> [Int32]
  private let reading: TextReading
  private let worker: Worker

  /// Opens a model directory that a recipe made.
  public init(classifier directory: URL) async throws {
    try await self.init { try Worker.Model.classifier(TextClassifier(directory: directory)) }
  }

  /// Opens an encoder's directory; the server then embeds, and refuses to predict.
  public init(encoder directory: URL, name: String) async throws {
    try await self.init { .encoder(try SentenceEncoders.open(directory), name: name) }
  }

  private init(_ open: @Sendable @Compute () throws -> Worker.Model) async throws {
    let (worker, info, numbers, reading, lanes) = try await Compute.run {
      let model = try open()
      try model.prepare()
      return (
        Worker(model), try Self.info(model), model.encoder.tokenize, model.reading,
        Engine.threadCount
      )
    }
    self.lanes = lanes
    self.worker = worker
    self.info = info
    self.numbers = numbers
    self.reading = reading
  }

  /// A text as its language is put to the encoder.
  public func read(_ text: String, language: String?) throws -> String {
    try reading(text, language: language)
  }

  /// All ids of a text, uncut.
  public func tokenize(_ text: String) throws -> [Int32] {
    numbers(text)
  }

  /// Sentence vectors of length one.
  public func embed(_ batch: [[Int32]]) async throws -> [[Float]] {
    let worker = worker
    return try await Lanes.run { try worker.embed(batch) }
  }

  /// Class probabilities.
  public func classify(_ batch: [[Int32]], languages: [String?]) async throws -> [[Float]] {
    let worker = worker
    return try await Lanes.run { try worker.classify(batch, languages: languages) }
  }

  private static func info(_ model: Worker.Model) throws -> ServedModelInfo {
    let encoder = model.encoder
    var prefixes = encoder.prefix == .none ? ServedModelInfo.Prefixes() : .e5
    prefixes.classification = encoder.prefix.text
    let description = model.description
    return ServedModelInfo(
      name: model.name, version: try version(encoder.directory),
      task: description == nil ? "embedding" : "text-classification",
      labels: description?.labels.names ?? [], languages: description?.languages ?? [],
      dimensions: encoder.width, maximumLength: encoder.maximumLength,
      vocabularySize: encoder.vocabularySize, prefixes: prefixes)
  }
}

extension EngineModel {
  /// Twelve hexadecimal digits that change with any file that an answer depends on.
  static func version(_ directory: URL) throws -> String {
    let own = try FileDigest.sha256(
      ofFolder: directory, where: { SentenceEncoders.reads($0) || TextClassifier.reads($0) })
    let members = (try? TextClassifier.description(of: directory))?.members ?? []
    guard !members.isEmpty else { return String(own.prefix(12)) }
    let versions = try members.map { try version(TextClassifier.member($0, of: directory)) }
    return String(
      FileDigest.sha256(of: Data(([own] + versions).joined(separator: " ").utf8)).prefix(12))
  }
}

/// The model itself, which lanes share.
private final class Worker: @unchecked Sendable {
  // Nothing changes a weight after `prepare`, so lanes only read, hence the unchecked conformance.
  enum Model {
    case classifier(TextClassifier)
    case encoder(any SentenceEncoder, name: String)

    var encoder: any SentenceEncoder {
      switch self {
      case .classifier(let classifier): classifier.encoder
      case .encoder(let encoder, _): encoder
      }
    }

    func prepare() throws {
      switch self {
      case .classifier(let classifier): try classifier.prepare()
      case .encoder(let encoder, _): try encoder.prepare()
      }
    }

    var name: String {
      switch self {
      case .classifier(let classifier): classifier.description.name
      case .encoder(_, let name): name
      }
    }

    var reading: TextReading {
      if case .classifier(let classifier) = self { classifier.reading } else { .plain }
    }

    var description: TextClassifier.Description? {
      if case .classifier(let classifier) = self { classifier.description } else { nil }
    }
  }

  private let model: Model

  init(_ model: Model) {
    self.model = model
  }

  func embed(_ batch: [[Int32]]) throws -> [[Float]] {
    let vectors = try model.encoder.embed(batch, language: nil)
    let flat = try vectors.elements(as: Float.self)
    let width = model.encoder.width
    return stride(from: 0, to: flat.count, by: width).map { Array(flat[$0..<($0 + width)]) }
  }

  func classify(_ batch: [[Int32]], languages: [String?]) throws -> [[Float]] {
    guard case .classifier(let classifier) = model else {
      throw ServingError(
        .validation, "the model embeds text and has no classes; ask /embed, or serve a classifier")
    }
    return try classifier.probabilities(batch, languages: languages)
  }
}
