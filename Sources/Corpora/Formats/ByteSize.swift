// SPDX-License-Identifier: Apache-2.0

/// A number of bytes as people write it: "1GB", "500 MB", "64MiB", "1048576".
///
/// KB, MB and GB (or K, M and G) are powers of 1000, KiB, MiB and GiB of 1024; case is ignored.
public struct ByteSize: Sendable, Hashable {
  /// How many bytes.
  public let bytes: Int

  /// So many bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// Reads a size; nil where it is none, or does not fit.
  public init?(_ text: String) {
    let text = text.lowercased().split(separator: " ").joined()
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let units: [String: Double] = [
      "": 1, "b": 1, "k": 1e3, "kb": 1e3, "kib": 1024, "m": 1e6, "mb": 1e6, "mib": 1_048_576,
      "g": 1e9, "gb": 1e9, "gib": 1_073_741_824, "t": 1e12, "tb": 1e12,
      "tib": 1_099_511_627_776,
    ]
    guard let number = Double(digits), let unit = units[String(text.dropFirst(digits.count))],
      number * unit < 0x1p62
    else { return nil }
    bytes = Int(number * unit)
  }
}
