// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Terminal {
  /// A value as JSON on standard output, keys in order: over several lines, or as one line.
  static func write(json value: some Encodable, asLine: Bool = false) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !asLine { encoder.outputFormatting.insert(.prettyPrinted) }
    write(try Array(encoder.encode(value)) + Array("\n".utf8))
  }
}
