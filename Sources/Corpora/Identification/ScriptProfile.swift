// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// What a text looks like, before its words are read: its letters, their scripts, their case.
struct ScriptProfile: Sendable {
  /// How many scalars belong to a script: letters and the marks on them, no digits, signs or spaces.
  private(set) var letterCount = 0
  /// Whether there is an upper-case letter.
  private(set) var hasUpperCase = false
  /// Whether there is a lower-case letter.
  private(set) var hasLowerCase = false
  /// The scripts with the number of their letters, the commonest first.
  let scripts: [(script: Script, count: Int)]

  init(_ text: some StringProtocol) {
    var latin = 0
    var others: [(script: Script, count: Int)] = []
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        if (0x61...0x7a).contains(scalar.value) {
          hasLowerCase = true
          latin += 1
        } else if (0x41...0x5a).contains(scalar.value) {
          hasUpperCase = true
          latin += 1
        }
        continue
      }
      let script = scalar.script
      guard script.isSpecific else { continue }
      if let place = others.firstIndex(where: { $0.script == script }) {
        others[place].count += 1
      } else {
        others.append((script, 1))
      }
      if Self.hasCase[Int(script.rawValue)] {
        if !hasLowerCase { hasLowerCase = scalar.properties.isLowercase }
        if !hasUpperCase { hasUpperCase = scalar.properties.isUppercase }
      }
    }
    if latin > 0 {
      if let place = others.firstIndex(where: { $0.script == .latin }) {
        others[place].count += latin
      } else {
        others.append((.latin, latin))
      }
    }
    letterCount = others.reduce(0) { $0 + $1.count }
    scripts = others.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.script < $1.script
    }
  }

  /// The script of most letters; nil where there are none.
  var dominantScript: Script? { scripts.first?.script }

  /// Whether its letters with a case are all upper case.
  var isUpperCase: Bool { hasUpperCase && !hasLowerCase }

  /// The scripts that have at least a share of the letters.
  func scripts(withShare share: Double) -> [Script] {
    let least = share * Double(letterCount)
    return scripts.filter { Double($0.count) >= least }.map(\.script)
  }

  /// By the script's raw value.
  private static let hasCase: [Bool] = {
    let codes = [
      "Latn", "Cyrl", "Grek", "Armn", "Geor", "Cher", "Copt", "Glag", "Adlm", "Osge", "Dsrt",
    ]
    return Script.all.map { codes.contains($0.code) }
  }()
}
