// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// The Unicode properties that patterns can name, as sets of scalars.
enum UnicodeProperties {
  /// The scalars of each general category, by its two letters.
  static let categories: [String: ScalarSet] = {
    var ranges = [String: [ClosedRange<UInt32>]]()
    var start: UInt32 = 0
    var current = ""
    let close = { (end: UInt32) in
      if !current.isEmpty { ranges[current, default: []].append(start...end) }
    }
    var scalar: UInt32 = 0
    while scalar <= ScalarSet.last {
      let name = category(scalar)
      if name != current {
        if scalar > 0 { close(scalar - 1) }
        start = scalar
        current = name
      }
      // Planes 4 to 13 are empty, 15 and 16 private but for their last two places.
      let plane = scalar >> 16
      let isEven = 4...13 ~= plane || plane >= 15 && scalar & 0xFFFF < 0xFFFD && scalar & 0xFFFF > 0
      scalar = isEven ? scalar | (4...13 ~= plane ? 0xFFFF : 0xFFFD) + 1 : scalar + 1
    }
    close(ScalarSet.last)
    return ranges.mapValues { ScalarSet($0) }
  }()

  /// The version of Unicode that the references follow, whatever the platform's is: newer scalars count
  /// as unassigned.
  private static let newest = 16

  private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.age.map { $0.major <= newest } ?? false
  }

  private static func category(_ code: UInt32) -> String {
    guard let scalar = Unicode.Scalar(code) else { return "Cs" }
    // Unicode 17 made this letter one without case.
    if code == 0x295 { return "Ll" }
    guard isKnown(scalar) || scalar.properties.generalCategory == .privateUse else { return "Cn" }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }

  /// A general category by one or two letters: `L` is all that begin with it.
  static func category(named name: String) -> ScalarSet {
    var ranges = [ClosedRange<UInt32>]()
    for (key, set) in categories.sorted(by: { $0.key < $1.key }) where key.hasPrefix(name) {
      ranges += set.ranges
    }
    return ScalarSet(ranges)
  }

  static let whitespace = ScalarSet([
    0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
    0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
  ])
  static let alphabetic = scan(\.isAlphabetic)
  static let digits = category(named: "Nd")
  /// Letters in the wide sense, marks, decimal digits and connectors.
  static let letters =
    alphabetic.union(category(named: "M")).union(digits).union(category(named: "Pc"))
  /// What `\w` means: ``letters`` and, as Oniguruma has it, the superscripts and fractions of Latin-1.
  static let word = letters.union(ScalarSet([0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE]))
  static let lowercase = scan(\.isLowercase).union(category(named: "Ll"))
  static let uppercase = scan(\.isUppercase)
  static let punctuation = category(named: "P")

  /// The scalars with a property; planes without any are left out.
  static func scan(_ property: (Unicode.Scalar.Properties) -> Bool) -> ScalarSet {
    var ranges = [ClosedRange<UInt32>]()
    var start: UInt32?
    for code in [0..<0x40000, 0xE0000..<0xF0001].joined() as FlattenSequence<[Range<UInt32>]> {
      let holds = Unicode.Scalar(code).map { property($0.properties) && isKnown($0) } ?? false
      if holds, start == nil { start = code }
      if !holds, let first = start {
        ranges.append(first...code - 1)
        start = nil
      }
    }
    return ScalarSet(ranges)
  }

  private static let categoryNames: [String: String] = [
    "letter": "L", "casedletter": "LC", "uppercaseletter": "Lu", "lowercaseletter": "Ll",
    "titlecaseletter": "Lt", "modifierletter": "Lm", "otherletter": "Lo", "mark": "M",
    "combiningmark": "M", "nonspacingmark": "Mn", "spacingmark": "Mc", "enclosingmark": "Me",
    "number": "N", "decimalnumber": "Nd", "letternumber": "Nl", "othernumber": "No",
    "punctuation": "P", "connectorpunctuation": "Pc", "dashpunctuation": "Pd",
    "openpunctuation": "Ps", "closepunctuation": "Pe", "initialpunctuation": "Pi",
    "finalpunctuation": "Pf", "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm",
    "currencysymbol": "Sc", "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z",
    "spaceseparator": "Zs", "lineseparator": "Zl", "paragraphseparator": "Zp", "other": "C",
    "control": "Cc", "format": "Cf", "surrogate": "Cs", "privateuse": "Co", "unassigned": "Cn",
  ]

  /// The set that a name stands for in `\p{...}` or `[[:...:]]`, whatever its case and separators; nil
  /// if it is unknown.
  static func named(_ name: String) -> ScalarSet? {
    var key = ""
    for scalar in name.unicodeScalars where !"_- ".unicodeScalars.contains(scalar) {
      key += String(scalar).lowercased()
    }
    switch key {
    case "any": return .all
    case "ascii": return ScalarSet([0...0x7F])
    case "assigned": return category(named: "Cn").complement
    case "alpha", "alphabetic": return alphabetic
    case "alnum": return alphabetic.union(digits)
    case "digit": return digits
    case "word": return word
    case "space", "whitespace": return whitespace
    case "lower", "lowercase": return lowercase
    case "upper", "uppercase": return uppercase
    case "blank": return category(named: "Zs").union(ScalarSet("\t"))
    case "cntrl": return category(named: "Cc")
    case "xdigit", "asciihexdigit", "ahex":
      return ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
    case "graph":
      return whitespace.union(
        ["Cc", "Cn", "Cs"].reduce(ScalarSet()) { $0.union(category(named: $1)) }
      )
      .complement
    case "print":
      return ["Cc", "Cn", "Cs", "Zl", "Zp"].reduce(ScalarSet()) {
        $0.union(category(named: $1))
      }.complement
    case "punct": return punctuation.union(category(named: "S"))
    case "lc": return ["Lu", "Ll", "Lt"].reduce(ScalarSet()) { $0.union(category(named: $1)) }
    default: break
    }
    if let short = categoryNames[key] {
      return short == "LC" ? named("LC") : category(named: short)
    }
    let initial = key.prefix(1).uppercased() + key.dropFirst()
    if key.utf8.count <= 2, !category(named: initial).isEmpty { return category(named: initial) }
    return script(key)
  }
}
