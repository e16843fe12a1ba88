// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Terminal {
  /// A line of progress that the next one takes the place of; nothing where standard error is no terminal.
  static func update(_ line: String) {
    guard isatty(2) == 1 else { return }
    var size = winsize()
    let width = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
    // A line that is wrapped would stay.
    writeError("\r\u{1B}[2K" + String(line.unicodeScalars.prefix(width - 1).map(Character.init)))
  }

  /// Takes the last update off, so that other lines can follow.
  static func endUpdates() {
    if isatty(2) == 1 { writeError("\r\u{1B}[2K") }
  }

  private static func writeError(_ text: String) {
    // Where nobody can be told, the work still goes on.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
