// SPDX-License-Identifier: Apache-2.0

import WritingSystems

extension LanguageTag {
  /// The scripts of Unicode that the language is written in: Han and kana of `jpn_Jpan`; empty where its script is none of Unicode's.
  public var scripts: [Script] {
    let codes: [String] =
      switch writtenScript {
      case "Hans", "Hant": ["Hani", "Bopo"]
      case "Jpan": ["Hani", "Hira", "Kana"]
      case "Hrkt": ["Hira", "Kana"]
      case "Kore": ["Hang", "Hani"]
      case "Aran": ["Arab"]
      case "Cyrs": ["Cyrl"]
      case "Latf", "Latg": ["Latn"]
      case "Syre", "Syrj", "Syrn": ["Syrc"]
      default: [writtenScript]
      }
    return codes.compactMap { Script(code: $0) }
  }
}
