// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// The tensors of an adapter's directory, from safetensors or from what `torch.save` wrote.
struct AdapterFile {
  private let file: any TensorFile

  var url: URL { file.url }
  var metadata: [String: String] { file.metadata }
  var names: [String] { file.names }

  /// Opens the first of several files that is there.
  init(_ directory: URL, _ candidates: [String]) throws {
    let places = candidates.map(directory.appendingPathComponent)
    guard let url = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      throw TransformerError(
        .checkpoint, "has no weights; expected \(candidates.joined(separator: " or "))",
        at: directory.path)
    }
    file = try openTensorFile(url)
  }

  /// A tensor in single precision; one that holds NaN or infinite numbers is refused.
  func tensor(_ name: String) throws -> Tensor {
    guard try file.isFinite(name) else {
      throw TransformerError(
        .checkpoint, "tensor '\(name)' holds NaN or infinite numbers; take an earlier checkpoint",
        at: url.path)
    }
    // Files are mapped for reading, and an adapter may be trained on.
    return try file.tensor(name).converted(to: .float32).clone()
  }
}
