// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// The tensors of an adapter's directory, from safetensors or from what `torch.save` wrote.
struct AdapterFile {
  let url: URL
  let metadata: [String: String]
  let names: [String]
  private let read: (String) throws -> Tensor

  /// Opens the first of several files that is there.
  init(_ directory: URL, _ candidates: [String]) throws {
    for name in candidates {
      let url = directory.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: url.path) else { continue }
      self.url = url
      if name.hasSuffix(".safetensors") {
        let file = try SafetensorsFile(url)
        (metadata, names) = (file.metadata, file.names)
        read = { try file.tensor($0) }
      } else {
        let file = try TorchFile(url)
        (metadata, names) = ([:], file.names)
        read = { try file.tensor($0) }
      }
      return
    }
    throw TransformerError(
      .checkpoint, "has no weights; expected \(candidates.joined(separator: " or "))",
      at: directory.path)
  }

  /// A tensor in single precision; one that holds NaN or infinite numbers is refused.
  func tensor(_ name: String) throws -> Tensor {
    let tensor = try read(name).converted(to: .float32)
    guard try tensor.count == 0 || tensor.isFinite() else {
      throw TransformerError(
        .checkpoint, "tensor '\(name)' holds NaN or infinite numbers; take an earlier checkpoint",
        at: url.path)
    }
    // Files are mapped for reading, and an adapter may be trained on.
    return try tensor.clone()
  }
}
