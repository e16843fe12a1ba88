// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// The parameters of one model, by name, and where they come from.
///
/// Model code asks a ``ParameterScope`` for each parameter by its name and shape; whether that draws initial
/// values or reads a checkpoint is decided here, so the same code builds fresh and loaded models.
public final class ParameterStore {
  /// Where values come from.
  public enum Source {
    /// Tensors of files, mapped; the first file that has a name wins.
    case files([any TensorFile])
    /// Initial values, from the engine's generator.
    case fresh
  }

  /// One parameter.
  public struct Parameter {
    /// The name in the checkpoint, "encoder.layer.0.attention.self.query.weight".
    public var name: String
    /// Its values.
    public var tensor: Tensor
  }

  /// All parameters, in the order in which the model asked for them.
  public private(set) var parameters: [Parameter] = []
  /// What is saved with the parameters and never trained, as MarianMT's bias of the logits is.
  public private(set) var buffers: [Parameter] = []
  /// Parameters that the source does not have and that were drawn, by name: a new head on a base model.
  public private(set) var drawn: [String] = []

  private let source: Source
  /// Paths below which a parameter that is missing is drawn, not refused.
  private let drawing: [String]
  private var tensors: [String: Tensor] = [:]
  /// Names in the files that parameters were read from.
  private(set) var readNames: Set<String> = []

  /// A store that fills parameters from a source.
  ///
  /// - Parameters:
  ///   - source: where values come from.
  ///   - drawing: paths of parts that may be missing in files and then start out fresh, as a new head's
  ///     "classifier"; none by default.
  public init(_ source: Source, drawing: [String] = []) {
    self.source = source
    self.drawing = drawing
  }

  /// The root scope.
  public var scope: ParameterScope { ParameterScope(store: self, path: "") }

  /// The parameter or buffer of a name, or nil.
  public subscript(name: String) -> Tensor? { tensors[name] }

  /// The files, or none.
  var files: [any TensorFile] { if case .files(let files) = source { files } else { [] } }

  func contains(_ name: String) -> Bool {
    switch source {
    case .files(let files): files.contains { fileName(name, in: $0) != nil }
    case .fresh: true
    }
  }

  /// Whether files hold a tensor of exactly this name.
  func filesContain(_ name: String) -> Bool { files.contains { $0.shape(name) != nil } }

  func parameter(
    _ name: String, _ shape: [Int], _ initializer: Initializer, isTrained: Bool = true
  ) throws -> Tensor {
    if let known = tensors[name] {
      guard known.shape == shape else {
        throw TransformerError(
          .configuration, "'\(name)' is \(known.shape) in one place and \(shape) in another")
      }
      return known
    }
    let tensor = try make(name, shape, initializer)
    tensors[name] = tensor
    if isTrained {
      parameters.append(Parameter(name: name, tensor: tensor))
    } else {
      buffers.append(Parameter(name: name, tensor: tensor))
    }
    return tensor
  }

  private func make(
    _ name: String, _ shape: [Int], _ initializer: Initializer
  ) throws -> Tensor {
    guard case .files(let files) = source else { return try initializer.values(shape) }
    // The name itself in any file comes before other spellings of it.
    let exact = files.filter { $0.shape(name) != nil }
    for file in exact.isEmpty ? files : exact {
      guard let stored = fileName(name, in: file) else { continue }
      let tensor = try file.tensor(stored)
      guard tensor.shape == shape else {
        throw TransformerError(
          .checkpoint,
          "tensor '\(stored)' has shape \(tensor.shape), config.json asks for \(shape)",
          at: file.url.path)
      }
      guard try file.isFinite(stored) else {
        throw TransformerError(
          .checkpoint,
          "tensor '\(stored)' holds NaN or infinite numbers; the training that wrote it "
            + "diverged, or the file is damaged: take an earlier checkpoint", at: file.url.path)
      }
      readNames.insert(stored)
      return try tensor.converted(to: .float32)
    }
    if drawing.contains(where: { name == $0 || name.hasPrefix($0 + ".") }) {
      drawn.append(name)
      return try initializer.values(shape)
    }
    throw TransformerError(
      .checkpoint, "the checkpoint has no tensor '\(name)' of shape \(shape)",
      at: files.count == 1 ? files[0].url.path : files.first?.url.deletingLastPathComponent().path)
  }

  /// Prefixes that task models put before the parameters of a base model, and base models leave out.
  private static let prefixes = ["bert.", "roberta.", "model.", "transformer."]

  /// What a file calls a parameter: its name, with or without a task model's prefix, or an older spelling.
  private func fileName(_ name: String, in file: any TensorFile) -> String? {
    if file.shape(name) != nil { return name }
    var candidates: [String] = []
    for prefix in Self.prefixes {
      if name.hasPrefix(prefix) {
        candidates.append(String(name.dropFirst(prefix.count)))
      } else {
        candidates.append(prefix + name)
      }
    }
    for (new, old) in [
      ("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta"),
    ]
    where name.hasSuffix(new) {
      candidates += ([name] + candidates).map {
        $0.hasSuffix(new) ? String($0.dropLast(new.count)) + old : $0
      }
    }
    return candidates.first { file.shape($0) != nil }
  }
}

/// How a parameter starts out.
public enum Initializer: Sendable {
  /// Normal with this standard deviation and mean zero.
  case normal(Double)
  /// One value everywhere.
  case constant(Double)

  func values(_ shape: [Int]) throws(TorchError) -> Tensor {
    switch self {
    case .normal(let deviation): try .normal(shape).multiplied(by: deviation)
    case .constant(let value): try .full(shape, value)
    }
  }
}

/// A place in a model's tree of names.
///
///     let query = try scope["attention", "self", "query"].parameter("weight", [hidden, hidden])
public struct ParameterScope {
  let store: ParameterStore
  let path: String

  /// The scope below, by one or more names.
  public subscript(_ names: String...) -> ParameterScope {
    ParameterScope(store: store, path: names.reduce(path, Self.join))
  }

  /// The scope of one of several numbered parts.
  public subscript(_ name: String, _ index: Int) -> ParameterScope {
    self[name, String(index)]
  }

  /// The parameter of a name and shape, read or drawn.
  public func parameter(
    _ name: String, _ shape: [Int], _ initializer: Initializer = .normal(0.02)
  ) throws -> Tensor {
    try store.parameter(Self.join(path, name), shape, initializer)
  }

  /// A tensor that is saved with the parameters but never trained.
  public func buffer(
    _ name: String, _ shape: [Int], _ initializer: Initializer = .constant(0)
  ) throws -> Tensor {
    try store.parameter(Self.join(path, name), shape, initializer, isTrained: false)
  }

  /// Whether the source has a parameter of this name here.
  public func contains(_ name: String) -> Bool {
    store.contains(Self.join(path, name))
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
