// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// The terminal's two streams.
enum Terminal {
  /// A line of progress or a message, on standard error.
  static func log(_ line: String) {
    // Where nobody can be told, the work still goes on.
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  /// Text for standard output; the program ends in peace when nobody reads it any more.
  static func write(_ text: String) { write(Array(text.utf8)) }

  /// Bytes for standard output, as they are.
  static func write(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { exit(0) }
        log(
          "koine: standard output: \(String(cString: strerror(errno))); what was written is not whole"
        )
        exit(EX_DATAERR)
      }
      start += count
    }
  }
}
