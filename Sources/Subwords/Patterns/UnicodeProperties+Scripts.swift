// SPDX-License-Identifier: Apache-2.0

import WritingSystems

extension UnicodeProperties {
  /// The scalars of a script by its long name or its code, in lower case without separators.
  static func script(_ key: String) -> ScalarSet? {
    let code = scriptNames[key] ?? (key.utf8.count == 4 ? key : nil)
    guard let script = code.flatMap({ Script(code: $0) }) else { return nil }
    if script == .unknown { return nil }
    var ranges = [ClosedRange<UInt32>]()
    var start: UInt32?
    for code in UInt32(0)..<0xF0001 {
      let holds = Unicode.Scalar(code).map { $0.script == script } ?? false
      if holds, start == nil { start = code }
      if !holds, let first = start {
        ranges.append(first...code - 1)
        start = nil
      }
    }
    return ScalarSet(ranges)
  }

  private static let scriptNames: [String: String] = {
    let pairs = """
      common Zyyy inherited Zinh latin Latn han Hani hangul Hang hiragana Hira katakana Kana
      cyrillic Cyrl greek Grek arabic Arab devanagari Deva hebrew Hebr thai Thai bengali Beng
      adlam Adlm caucasianalbanian Aghb ahom Ahom imperialaramaic Armi armenian Armn avestan Avst
      balinese Bali bamum Bamu bassavah Bass batak Batk bhaiksuki Bhks bopomofo Bopo brahmi Brah
      braille Brai buginese Bugi buhid Buhd chakma Cakm canadianaboriginal Cans carian Cari cham Cham
      cherokee Cher chorasmian Chrs coptic Copt cyprominoan Cpmn cypriot Cprt divesakuru Diak
      dogra Dogr deseret Dsrt duployan Dupl egyptianhieroglyphs Egyp elbasan Elba elymaic Elym
      ethiopic Ethi garay Gara georgian Geor glagolitic Glag gunjalagondi Gong masaramgondi Gonm
      gothic Goth grantha Gran gujarati Gujr gurungkhema Gukh gurmukhi Guru hanunoo Hano hatran Hatr
      anatolianhieroglyphs Hluw pahawhhmong Hmng nyiakengpuachuehmong Hmnp oldhungarian Hung
      olditalic Ital javanese Java kayahli Kali kawi Kawi kharoshthi Khar khmer Khmr khojki Khoj
      khitansmallscript Kits kannada Knda kiratrai Krai kaithi Kthi taitham Lana lao Laoo lepcha Lepc
      limbu Limb lineara Lina linearb Linb lisu Lisu lycian Lyci lydian Lydi mahajani Mahj makasar Maka
      mandaic Mand manichaean Mani marchen Marc medefaidrin Medf mendekikakui Mend meroiticcursive Merc
      meroitichieroglyphs Mero malayalam Mlym modi Modi mongolian Mong mro Mroo meeteimayek Mtei
      multani Mult myanmar Mymr nagmundari Nagm nandinagari Nand oldnortharabian Narb nabataean Nbat
      newa Newa nko Nkoo nushu Nshu ogham Ogam olchiki Olck olonal Onao oldturkic Orkh oriya Orya
      osage Osge osmanya Osma olduyghur Ougr palmyrene Palm paucinhau Pauc oldpermic Perm phagspa Phag
      inscriptionalpahlavi Phli psalterpahlavi Phlp phoenician Phnx miao Plrd
      inscriptionalparthian Prti rejang Rjng hanifirohingya Rohg runic Runr samaritan Samr
      oldsoutharabian Sarb saurashtra Saur signwriting Sgnw shavian Shaw sharada Shrd siddham Sidd
      khudawadi Sind sinhala Sinh sogdian Sogd oldsogdian Sogo sorasompeng Sora soyombo Soyo
      sundanese Sund sunuwar Sunu sylotinagri Sylo syriac Syrc tagbanwa Tagb takri Takr taile Tale
      newtailue Talu tamil Taml tangut Tang taiviet Tavt telugu Telu tifinagh Tfng tagalog Tglg
      thaana Thaa tibetan Tibt tirhuta Tirh tangsa Tnsa todhri Todr toto Toto tulutigalari Tutg
      ugaritic Ugar vai Vaii vithkuqi Vith warangciti Wara wancho Wcho oldpersian Xpeo cuneiform Xsux
      yezidi Yezi yi Yiii zanabazarsquare Zanb
      """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
    return Dictionary(
      stride(from: 0, to: pairs.count - 1, by: 2).map { (pairs[$0], pairs[$0 + 1]) },
      uniquingKeysWith: { $1 })
  }()
}
