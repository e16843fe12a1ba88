// SPDX-License-Identifier: Apache-2.0

/// Scalars that differ only by case (simple case folding: one scalar to one scalar).
enum CaseVariants {
  /// For each scalar with variants all of them, itself included.
  private static let classes: [UInt32: [UInt32]] = {
    var groups = [UInt32: [UInt32]]()
    for code in [0x41..<0x3000, 0xA640..<0xAC00, 0xFB00..<0x10000, 0x10400..<0x1F000].joined()
      as FlattenSequence<[Range<UInt32>]>
    {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let key = fold(scalar)
      groups[key, default: []].append(code)
    }
    var classes = [UInt32: [UInt32]]()
    for group in groups.values where group.count > 1 { for code in group { classes[code] = group } }
    return classes
  }()

  /// The lower case of the upper case, which joins σ with ς and k with the Kelvin sign.
  private static func fold(_ scalar: Unicode.Scalar) -> UInt32 {
    // The dotted and the dotless i of Turkish are themselves, whatever the language.
    if scalar.value == 0x130 || scalar.value == 0x131 { return scalar.value }
    let upper = scalar.properties.uppercaseMapping.unicodeScalars
    let base = upper.count == 1 ? upper.first ?? scalar : scalar
    let lower = base.properties.lowercaseMapping.unicodeScalars
    return (lower.count == 1 ? lower.first ?? base : base).value
  }

  static func closure(of set: ScalarSet) -> ScalarSet {
    var ranges = set.ranges
    for (code, group) in classes where set.contains(code) { ranges += group.map { $0...$0 } }
    return ScalarSet(ranges)
  }
}
