// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The script of every scalar of a plane, read once from the platform's Unicode data.
struct ScriptTable: Sendable {
  private let scripts: [UInt8]

  /// Planes that have characters; each costs some 15 ms when it is first asked for.
  static let basic = ScriptTable(plane: 0)
  static let supplementary = ScriptTable(plane: 1)
  static let ideographic = ScriptTable(plane: 2)
  static let tertiary = ScriptTable(plane: 3)
  static let special = ScriptTable(plane: 14)

  subscript(index: UInt32) -> UInt8 { scripts[Int(index & 0xFFFF)] }

  init(plane: UInt32) {
    var scripts = [UInt8](repeating: Script.unknown.rawValue, count: 0x10000)
    let expressions = Script.codes.map {
      try? NSRegularExpression(pattern: "\\p{Script=\($0)}+")
    }
    let width = plane == 0 ? 1 : 2  // UTF-16 units for a scalar
    for page in 0..<256 {
      let first = plane << 16 | UInt32(page) << 8
      // Surrogates are no scalars.
      let scalars = (first..<first + 256).compactMap(Unicode.Scalar.init)
      guard scalars.count == 256 else { continue }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      let page = String(text)
      let whole = NSRange(location: 0, length: 256 * width)
      var resolved = 0
      for (script, expression) in expressions.enumerated() where resolved < 256 {
        guard let expression else { continue }  // a script newer than the platform
        for match in expression.matches(in: page, range: whole) {
          let start = Int(first & 0xFFFF) + match.range.location / width
          let count = match.range.length / width
          for index in start..<start + count { scripts[index] = UInt8(script) }
          resolved += count
        }
      }
    }
    self.scripts = scripts
  }
}
