// SPDX-License-Identifier: Apache-2.0

extension SentencePieceNormalizer {
  /// The rule sets that have a name, as in `spm_train --normalization_rule_name`.
  public static let names = ["nmt_nfkc", "nfkc", "nmt_nfkc_cf", "nfkc_cf", "identity"]

  /// The normaliser with a rule set by name: `nmt_nfkc` (NFKC, and what machine translation wants beyond it), `nfkc`,
  /// each with case folding (`_cf`), and `identity`; by this platform's version of Unicode.
  ///
  /// Throws ``SubwordError/Code/invalidArgument`` for any other name.
  public static func named(_ name: String) throws(SubwordError) -> SentencePieceNormalizer {
    guard names.contains(name) else {
      throw SubwordError(
        .invalidArgument,
        "expected one of \(names.joined(separator: ", ")) as normalization rules, found '\(name)'")
    }
    guard name != "identity" else {
      return SentencePieceNormalizer(map: try CharacterMap(rules: []))
    }
    let singles = NMTNormalization.singles(
      addsToNFKC: name.hasPrefix("nmt"), foldsCase: name.hasSuffix("_cf"))
    return SentencePieceNormalizer(
      map: try CharacterMap(spellings: singles))
  }
}
