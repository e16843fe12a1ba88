// SPDX-License-Identifier: Apache-2.0

/// Full case folding by scalars (Unicode `CaseFolding.txt`, statuses C and F), from the case mappings.
enum CaseFolding {
  /// What a scalar folds to, where that is one scalar; `several` where it is more.
  static subscript(value: UInt32) -> UInt32 {
    Int(value) < table.count ? table[Int(value)] : value
  }

  /// The same, for loops that look up many.
  @inline(__always)
  static func lookup(_ value: UInt32, in table: [UInt32]) -> UInt32 {
    Int(value) < table.count ? table[Int(value)] : value
  }

  /// Stands for a folding of several scalars, which ``folding(of:)`` gives.
  static let several: UInt32 = .max

  /// The folding of any scalar.
  static func folding(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.value {
    // The dotless i is its own folding, although its capital is I.
    case 0x131: return [scalar]
    // Cherokee folds to its capitals, which are older than its small letters.
    case 0x13a0...0x13f5: return [scalar]
    case 0x13f8...0x13fd, 0xab70...0xabbf:
      return Array(scalar.properties.uppercaseMapping.unicodeScalars)
    default: break
    }
    guard isChanged(scalar) else { return [scalar] }
    // Down, up, down: the first step is for the capital sharp s, the second for ligatures and the final sigma.
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    let upper = lower.flatMap { $0.properties.uppercaseMapping.unicodeScalars }
    return upper.flatMap { $0.properties.lowercaseMapping.unicodeScalars }
  }

  /// The property for folding alone leaves out what its decomposition folds like, as ǰ.
  private static func isChanged(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.changesWhenCaseFolded || scalar.properties.changesWhenCaseMapped
  }

  /// The planes that have case.
  static let table: [UInt32] = (UInt32(0)..<0x20000).map { value in
    guard let scalar = Unicode.Scalar(value), isChanged(scalar) else {
      return value
    }
    let folded = folding(of: scalar)
    return folded.count == 1 ? folded[0].value : several
  }
}
