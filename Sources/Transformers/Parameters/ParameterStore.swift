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
    case files([SafetensorsFile])
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

  private let source: Source
  private var indices: [String: Int] = [:]

  /// A store that fills parameters from a source.
  public init(_ source: Source) {
    self.source = source
  }

  /// The root scope.
  public var scope: ParameterScope { ParameterScope(store: self, path: "") }

  /// The parameter of a name, or nil.
  public subscript(name: String) -> Tensor? {
    indices[name].map { parameters[$0].tensor }
  }

  func contains(_ name: String) -> Bool {
    switch source {
    case .files(let files): files.contains { $0.shape(name) != nil }
    case .fresh: true
    }
  }

  func parameter(
    _ name: String, _ shape: [Int], _ initializer: Initializer
  ) throws -> Tensor {
    if let known = self[name] { return known }
    let tensor = try make(name, shape, initializer)
    indices[name] = parameters.count
    parameters.append(Parameter(name: name, tensor: tensor))
    return tensor
  }

  private func make(
    _ name: String, _ shape: [Int], _ initializer: Initializer
  ) throws -> Tensor {
    guard case .files(let files) = source else { return try initializer.values(shape) }
    guard let file = files.first(where: { $0.shape(name) != nil }) else {
      throw TransformerError(
        .checkpoint, "the checkpoint has no tensor '\(name)' of shape \(shape)",
        at: files.first?.url.path)
    }
    let tensor = try file.tensor(name)
    guard tensor.shape == shape else {
      throw TransformerError(
        .checkpoint,
        "tensor '\(name)' has shape \(tensor.shape), config.json asks for \(shape)",
        at: file.url.path)
    }
    return try tensor.converted(to: .float32)
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

  /// Whether the source has a parameter of this name here.
  public func contains(_ name: String) -> Bool {
    store.contains(Self.join(path, name))
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
