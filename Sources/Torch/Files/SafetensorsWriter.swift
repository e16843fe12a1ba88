// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SafetensorsFile {
  /// Writes named tensors, atomically: the file appears whole or not at all.
  ///
  /// The same tensors give the same bytes: names are sorted, and nothing else is written.
  ///
  /// - Parameters:
  ///   - tensors: names and tensors; each name once.
  ///   - metadata: free text for `__metadata__`; `format` is set to `pt`, which other tools ask for.
  ///   - url: where to write; its folder must exist.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL
  ) throws(TorchError) {
    let sorted = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var fields: [String] = []
    var merged = metadata
    merged["format"] = metadata["format"] ?? "pt"
    let pairs = merged.keys.sorted().map { "\(quoted($0)):\(quoted(merged[$0] ?? ""))" }
    fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    var offset = 0
    for (name, tensor) in sorted {
      guard let dtype = tensor.dtype, let dtypeName = dtype.safetensorsName else {
        throw TorchError(.format, "tensor '\(name)' has a type that safetensors has no name for")
      }
      let end = offset + tensor.count * dtype.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(quoted(name)):{\"dtype\":\"\(dtypeName)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Data("{\(fields.joined(separator: ","))}".utf8)
    // Spaces at the end keep the data aligned to 8 bytes, as the format recommends.
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))

    let file = try AtomicFile(url)
    try withUnsafeBytes(of: UInt64(header.count).littleEndian) { (bytes) throws(TorchError) in
      try file.write(bytes)
    }
    try file.write(header)
    for (_, tensor) in sorted { try tensor.withContiguousBytes(file.write) }
    try file.commit()
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<"\u{20}":
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
