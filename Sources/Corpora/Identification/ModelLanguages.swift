// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// The languages that a model's labels stand for.
enum ModelLanguages {
  /// The tag of each label, `__label__` taken off; nil where it is no language tag.
  ///
  /// Codes of ISO 639 and BCP 47 are taken as they are, with a script or without. A model that tells both
  /// `als` and `sq` names languages as Wikipedia names its editions, where `als` is Alemannic.
  static func tags(of labels: [String]) -> [LanguageTag?] {
    let codes = labels.map { label in
      label.hasPrefix(WordDictionary.labelPrefix)
        ? String(label.dropFirst(WordDictionary.labelPrefix.count)) : label
    }
    let areEditions = codes.contains("als") && codes.contains("sq")
    return codes.map { code in
      try? LanguageTag(areEditions ? editions[code] ?? code : code)
    }
  }

  /// Wikipedia's names of editions that mean something else, or nothing, as tags.
  private static let editions = [
    "als": "gsw", "bh": "bho", "eml": "egl", "nah": "nhn", "simple": "en", "zh_yue": "yue",
    "zh_min_nan": "nan", "zh_classical": "lzh", "bat_smg": "sgs", "fiu_vro": "vro",
    "roa_rup": "rup", "roa_tara": "nap", "map_bms": "jv", "cbk_zam": "cbk", "be_x_old": "be",
  ]
}

extension LanguageTag {
  /// The tag as FLORES-200 writes it: the code of three letters and a script, as `swh_Latn`.
  func named(withScript script: String) -> LanguageTag {
    let code = Self.threeLetterCode(of: language)
    return (try? LanguageTag("\(code)_\(script)")) ?? self
  }
}
