// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file of named tensors, opened: ``SafetensorsFile``, or ``TorchFile`` for what `torch.save` wrote.
public protocol TensorFile {
  /// The file's place.
  var url: URL { get }
  /// The tensors' names, sorted.
  var names: [String] { get }
  /// Free text that the writer left; empty where the format has none.
  var metadata: [String: String] { get }
  /// A tensor's shape, or nil where there is none of this name.
  func shape(_ name: String) -> [Int]?
  /// A tensor by name.
  func tensor(_ name: String) throws(TorchError) -> Tensor
  /// Whether no element of a tensor is infinite or not a number.
  func isFinite(_ name: String) throws(TorchError) -> Bool
}

extension SafetensorsFile: TensorFile {}
extension TorchFile: TensorFile {
  /// None: the format has no place for it.
  public var metadata: [String: String] { [:] }

  /// Whether no element of a tensor is infinite or not a number.
  public func isFinite(_ name: String) throws(TorchError) -> Bool {
    let tensor = try tensor(name)
    guard tensor.count > 0, tensor.dtype?.isFloatingPoint == true else { return true }
    return try tensor.isFinite()
  }
}

/// Opens a file of tensors by its name: `.safetensors`, or else what `torch.save` wrote.
public func openTensorFile(_ url: URL) throws(TorchError) -> any TensorFile {
  if url.pathExtension == "safetensors" { return try SafetensorsFile(url) }
  return try TorchFile(url)
}
