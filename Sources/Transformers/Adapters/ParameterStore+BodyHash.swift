// SPDX-License-Identifier: Apache-2.0

import Crypto
import Torch

extension ParameterStore {
  /// The SHA-256 of the body: names, shapes and values of all parameters but heads', as 64 hexadecimal digits.
  ///
  /// What a task model puts before its encoder's names does not count, so that a bare encoder and a task model with the
  /// same encoder are one body. It reads all weights: about a second for 500 MB.
  public func bodyHash() throws -> String {
    var hash = SHA256()
    let body = parameters.map { (name: BodyNames.bare($0.name), tensor: $0.tensor) }
      .filter { BodyNames.isBody($0.name) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    for (name, tensor) in body {
      hash.update(data: Array("\(name) \(tensor.shape)\n".utf8))
      try tensor.withContiguousBytes { bytes in hash.update(bufferPointer: bytes) }
    }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
