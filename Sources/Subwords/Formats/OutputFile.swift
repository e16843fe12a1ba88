// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files written beside their place first, so that none is ever half there.
enum OutputFile {
  static func write(_ bytes: [UInt8], to url: URL) throws(SubwordError) {
    do {
      try Data(bytes).write(to: url, options: .atomic)
    } catch {
      throw SubwordError(.file, "cannot be written: \(error.localizedDescription)", at: url.path)
    }
  }

  /// A score as SentencePiece's tables spell it: at most six significant digits.
  static func shortest(_ score: Float) -> String {
    String(format: "%g", Double(score))
  }
}
