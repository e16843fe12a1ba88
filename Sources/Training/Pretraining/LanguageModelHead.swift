// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch
import Transformers

/// The head that guesses hidden pieces: a checkpoint's own, or a fresh one.
///
/// Its parameters are `cls.predictions` of BERT and `lm_head` of XLM-R, as in Hugging Face; the map to words is the body's table.
public struct LanguageModelHead {
  /// The parameters.
  public let store: ParameterStore
  /// Whether it was drawn because the checkpoint has none; then it has to learn everything first.
  public let isFresh: Bool

  /// The head that stands in a base's directory; a fresh one from the engine's generator where there is none.
  ///
  /// - Throws: `TransformerError` where a part of a head is there.
  public init(of base: TextEncoder) throws {
    try self.init(
      .files(ModelDirectory(base.directory).weights()), base, mayDraw: true, at: base.directory)
  }

  /// A head that ``write(to:)`` wrote, for a base.
  public init(contentsOf file: URL, for base: TextEncoder) throws {
    try self.init(.files([openTensorFile(file)]), base, mayDraw: false, at: file)
  }

  private init(
    _ source: ParameterStore.Source, _ base: TextEncoder, mayDraw: Bool, at place: URL
  ) throws {
    store = ParameterStore(source, drawing: mayDraw ? ["cls", "lm_head"] : [])
    _ = try MaskedLanguageModel(base.encoder, head: store.scope)
    isFresh = !store.drawn.isEmpty
    guard !isFresh || store.drawn.count == store.parameters.count else {
      throw TransformerError(
        .checkpoint,
        "has a part of a language model's head: '\(store.drawn[0])' is missing; put it there, or remove the others",
        at: place.path)
    }
  }

  /// The body with the head.
  public func model(_ base: TextEncoder) throws -> MaskedLanguageModel {
    try MaskedLanguageModel(base.encoder, head: store.scope)
  }

  /// Writes the head alone, from which the adapter of another language can be trained.
  public func write(to file: URL) throws {
    try SafetensorsFile.write(
      store.parameters.map { ($0.name, try $0.tensor.detached()) }, to: file)
  }

  /// Writes a body as it is now with the head and the tokenizer, as transformers opens it as `*ForMaskedLM`: a base as any other.
  ///
  /// - Parameters:
  ///   - base: the body.
  ///   - directory: where it is to be; whole or not at all.
  public func write(with base: TextEncoder, to directory: URL) throws {
    let family = base.encoder.configuration.family
    let body = base.parameters.parameters.map { parameter in
      let isPrefixed = parameter.name.hasPrefix("\(family.prefix).")
      return (
        name: isPrefixed ? parameter.name : "\(family.prefix).\(parameter.name)", parameter.tensor
      )
    }
    let configuration = try ConfigurationFile(
      contentsOf: base.directory.appendingPathComponent("config.json")
    ).encoded(architecture: family.architecture("ForMaskedLM"))
    try AtomicDirectory.write(directory) { partial in
      try ModelDirectory(partial).write(
        (body + store.parameters.map { (name: $0.name, $0.tensor) }).map {
          (name: $0.name, tensor: try $0.1.detached())
        })
      try ModelDirectory(base.directory).copyCompanions(to: partial)
      try configuration.write(to: partial.appendingPathComponent("config.json"))
    }
  }
}
