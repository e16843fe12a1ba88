// SPDX-License-Identifier: Apache-2.0

/// A script of Unicode (UAX #24), by its ISO 15924 code.
public struct Script: Hashable, Sendable, Comparable {
  /// The place of the code in ``all``; it is not stable between versions of Koine.
  public let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The script of a code such as `Latn`, case ignored; nil where Unicode has no such script.
  public init?(code: some StringProtocol) {
    guard let index = Self.indices[code.lowercased()] else { return nil }
    rawValue = index
  }

  /// The ISO 15924 code: `Latn`, `Arab`, `Hani`.
  public var code: String { Self.codes[Int(rawValue)] }

  /// What many scripts share: spaces, punctuation, digits, symbols (`Zyyy`).
  public static let common = Script(rawValue: 0)
  /// Marks that take the script of what they stand on (`Zinh`).
  public static let inherited = Script(rawValue: 1)
  /// Scalars without a script: unassigned, private use (`Zzzz`).
  public static let unknown = Script(rawValue: 2)

  /// Latin letters (`Latn`).
  public static let latin = Script(code: "Latn") ?? .unknown
  /// Han characters (`Hani`).
  public static let han = Script(code: "Hani") ?? .unknown
  /// Hebrew letters (`Hebr`).
  public static let hebrew = Script(code: "Hebr") ?? .unknown

  /// Whether this is the script of some writing, neither common, inherited nor unknown.
  public var isSpecific: Bool { rawValue > 2 }

  /// Every script that Unicode has, in the order of ``rawValue``.
  public static let all = codes.indices.map { Script(rawValue: UInt8($0)) }

  /// Scripts are in the order of their codes.
  public static func < (left: Script, right: Script) -> Bool { left.code < right.code }

  private static let indices = Dictionary(
    uniqueKeysWithValues: codes.enumerated().map { ($1.lowercased(), UInt8($0)) })

  /// The codes; the commonest first, so that a page of scalars is resolved by its first few.
  static let codes = """
    Zyyy Zinh Zzzz Latn Hani Hang Hira Kana Cyrl Grek Arab Deva Hebr Thai Beng Adlm Aghb Ahom Armi
    Armn Avst Bali Bamu Bass Batk Bhks Bopo Brah Brai Bugi Buhd Cakm Cans Cari Cham Cher Chrs Copt
    Cpmn Cprt Diak Dogr Dsrt Dupl Egyp Elba Elym Ethi Gara Geor Glag Gong Gonm Goth Gran Gujr Gukh
    Guru Hano Hatr Hluw Hmng Hmnp Hung Ital Java Kali Kawi Khar Khmr Khoj Kits Knda Krai Kthi Lana
    Laoo Lepc Limb Lina Linb Lisu Lyci Lydi Mahj Maka Mand Mani Marc Medf Mend Merc Mero Mlym Modi
    Mong Mroo Mtei Mult Mymr Nagm Nand Narb Nbat Newa Nkoo Nshu Ogam Olck Onao Orkh Orya Osge Osma
    Ougr Palm Pauc Perm Phag Phli Phlp Phnx Plrd Prti Rjng Rohg Runr Samr Sarb Saur Sgnw Shaw Shrd
    Sidd Sind Sinh Sogd Sogo Sora Soyo Sund Sunu Sylo Syrc Tagb Takr Tale Talu Taml Tang Tavt Telu
    Tfng Tglg Thaa Tibt Tirh Tnsa Todr Toto Tutg Ugar Vaii Vith Wara Wcho Xpeo Xsux Yezi Yiii Zanb
    """.split(whereSeparator: \.isWhitespace).map(String.init)
}

extension Script: CustomStringConvertible {
  /// The code.
  public var description: String { code }
}
