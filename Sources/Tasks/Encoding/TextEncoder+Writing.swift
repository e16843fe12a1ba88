// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

extension TextEncoder {
  /// Writes the body as it is now and the tokenizer, as transformers opens it: a base as any other.
  ///
  /// - Parameter directory: where it is to be; whole or not at all.
  public func write(to directory: URL) throws {
    let family = encoder.configuration.family
    let front = "\(family.prefix)."
    let tensors = try parameters.parameters.map { parameter in
      (
        name: parameter.name.hasPrefix(front)
          ? String(parameter.name.dropFirst(front.count)) : parameter.name,
        tensor: try parameter.tensor.detached()
      )
    }
    let configuration = try ConfigurationFile(
      contentsOf: self.directory.appendingPathComponent("config.json")
    ).encoded(architecture: family.architecture("Model"))
    try AtomicDirectory.write(directory) { partial in
      try ModelDirectory(partial).write(tensors)
      try ModelDirectory(self.directory).copyCompanions(to: partial)
      try configuration.write(to: partial.appendingPathComponent("config.json"))
    }
  }
}
