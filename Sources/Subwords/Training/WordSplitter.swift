// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// Where pieces may not cross, by the rules of `spm_train`.
///
/// SentencePiece checks each candidate piece against these rules. To cut the text there first comes to the same
/// and leaves the trainers short words.
struct WordSplitter: Sendable {
  let splitsByWhitespace: Bool
  let splitsByScript: Bool
  let splitsByNumber: Bool
  let splitsDigits: Bool
  let marksBehind: Bool
  let allowsWhitespaceOnly: Bool
  /// A mark that users put where words end.
  let delimiter: Unicode.Scalar?
  /// The user's symbols, which no piece may overlap.
  let symbols: PieceTrie?

  init(_ trainer: TrainerSpecification) throws(SubwordError) {
    splitsByWhitespace = trainer.splitsByWhitespace
    splitsByScript = trainer.splitsByUnicodeScript
    splitsByNumber = trainer.splitsByNumber
    splitsDigits = trainer.splitsDigits
    marksBehind = trainer.treatsWhitespaceAsSuffix
    allowsWhitespaceOnly = trainer.allowsWhitespaceOnlyPieces
    delimiter = trainer.pretokenizationDelimiter.unicodeScalars.first
    let symbols = trainer.userDefinedSymbols + trainer.controlSymbols
    self.symbols =
      symbols.isEmpty
      ? nil : try PieceTrie(symbols.enumerated().map { (Array($1.utf8)[...], Int32($0)) })
  }

  private static let mark: UInt32 = 0x2581
  /// What goes with every script.
  private static let any = UInt8.max
  private static let han = Script(code: "Hani")?.rawValue ?? any
  private static let kana = ["Hira", "Kana"].compactMap { Script(code: $0)?.rawValue }

  /// Calls back with the words of a normalised text, whose spaces are U+2581.
  func words(
    of text: UnsafeBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>) throws(SubwordError) -> Void
  ) throws(SubwordError) {
    var start = 0
    var index = 0
    var script = Self.any
    var endsInMark = false
    var holdsDigit = false
    func cut(_ end: Int) throws(SubwordError) {
      if end > start { try body(UnsafeBufferPointer(rebasing: text[start..<end])) }
      start = end
      script = Self.any
      holdsDigit = false
    }
    while index < text.count {
      if let symbols, let length = symbols.longestMatch(text, from: index) {
        try cut(index)
        index += length
        start = index
        endsInMark = false
        continue
      }
      let (value, length) = UTF8Scalar.decode(text, at: index)
      defer { index += length }
      if value == Self.mark {
        if splitsByWhitespace {
          if marksBehind {
            if !allowsWhitespaceOnly, endsInMark { try cut(index) }
          } else if !(allowsWhitespaceOnly && endsInMark) {
            try cut(index)
          }
        }
        endsInMark = true
        continue
      }
      if let delimiter, value == delimiter.value {
        try cut(index)
        start = index + length
        endsInMark = false
        continue
      }
      if endsInMark, splitsByWhitespace, marksBehind { try cut(index) }
      endsInMark = false
      let isDigit = value >= 0x30 && value <= 0x39
      if splitsDigits, isDigit || holdsDigit { try cut(index) }
      holdsDigit = splitsDigits && isDigit
      guard splitsByScript else { continue }
      let own = kind(value, after: script)
      if !splitsByNumber, isDigit {
        script = Self.any
        continue
      }
      if own != Self.any, script != Self.any, own != script { try cut(index) }
      script = own
    }
    try cut(text.count)
  }

  @inline(__always)
  private func kind(_ value: UInt32, after previous: UInt8) -> UInt8 {
    let kind = value < 0x10000 ? Self.kinds[Int(value)] : Self.kind(of: value)
    return kind == Self.inherited ? previous : kind
  }

  /// What goes with the scalar before it.
  private static let inherited = UInt8.max - 1

  /// The kinds of the basic plane.
  private static let kinds = FixedArray((UInt32(0)..<0x10000).map(kind(of:)))

  private static func kind(of value: UInt32) -> UInt8 {
    if value == 0x30FC { return han }
    guard let script = Unicode.Scalar(value)?.script else { return any }
    if script == .inherited { return inherited }
    return kana.contains(script.rawValue) ? han : script.rawValue
  }
}
