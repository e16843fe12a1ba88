// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// What one pass over a text counts, for filters to judge by.
public struct TextProfile: Sendable {
  /// UTF-8 bytes.
  public var bytes = 0
  /// Unicode scalars.
  public var scalars = 0
  /// Letters and the marks on them.
  public var letters = 0
  /// Decimal digits of any script.
  public var digits = 0
  /// White space.
  public var spaces = 0
  /// Punctuation.
  public var punctuation = 0
  /// Symbols: of mathematics, currencies, arrows, emoji.
  public var symbols = 0
  /// Control characters, unassigned and private ones.
  public var controls = 0
  /// U+FFFD, which stands where text was lost.
  public var replacements = 0
  /// The longest run of one scalar that is neither digit nor space.
  public var longestRun = 0
  /// Words, estimated from letters in scripts that put no spaces between them.
  public var words = 0
  /// The last scalar that is no space, quote or bracket; 0 in a text without any.
  public var ending: UInt32 = 0
  /// Scalars, each counted for as much as letters of Latin say in its place.
  public var weight = 0.0
  /// How many letters are of each script, by the script's place among all; empty for ASCII.
  private var scripts: [Int32] = []
  private var latinLetters = 0

  /// The profile of valid UTF-8.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes.count
    bytes.withUnsafeBufferPointer { count($0) }
  }

  /// How many letters are of a script.
  public func letters(of script: Script) -> Int {
    Int(scripts.isEmpty ? 0 : scripts[Int(script.rawValue)])
      + (script == Script.latin ? latinLetters : 0)
  }

  /// The scripts of the letters, the commonest first, ties by code.
  public var scriptCounts: [(script: Script, count: Int)] {
    Script.all.filter(\.isSpecific).map { ($0, letters(of: $0)) }.filter { $0.1 > 0 }
      .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
  }

  private mutating func count(_ text: UnsafeBufferPointer<UInt8>) {
    var index = 0
    var isInWord = false
    var last: UInt32 = .max
    var run = 0
    var unspaced = 0.0
    let latin = Int(Script.latin.rawValue)
    let (allTraits, measures) = (ScalarTraits.table, ScriptMeasure.table)
    while index < text.count {
      let value = decodeScalar(text, at: &index)
      scalars += 1
      let traits = ScalarTraits.lookup(value, in: allTraits)
      if value == last {
        run += 1
        if run > longestRun, traits.kind != .space, traits.kind != .digit { longestRun = run }
      } else {
        (last, run) = (value, 1)
        if longestRun == 0, traits.kind != .space, traits.kind != .digit { longestRun = 1 }
      }
      switch traits.kind {
      case .letter, .mark:
        letters += 1
        if traits.script == latin {
          latinLetters += 1
          weight += 1
          if !isInWord { words += 1 }
          isInWord = true
        } else {
          if scripts.isEmpty { scripts = [Int32](repeating: 0, count: Script.all.count) }
          scripts[traits.script] += 1
          let measure = measures[traits.script]
          weight += Double(measure.weight)
          if measure.lettersPerWord > 0 {
            unspaced += 1 / Double(measure.lettersPerWord)
            isInWord = false
          } else {
            if !isInWord { words += 1 }
            isInWord = true
          }
        }
        ending = value
        continue
      case .digit:
        digits += 1
        ending = value
        if !isInWord { words += 1 }
        isInWord = true
        weight += 1
        continue
      case .space: spaces += 1
      case .punctuation:
        punctuation += 1
        if !Self.isClosing(value) { ending = value }
        // An apostrophe or hyphen does not end a word.
        weight += 1
        if value == 0x27 || value == 0x2019 || value == 0x2d { continue }
      case .number, .symbol:
        ending = value
        if traits.kind == .symbol { symbols += 1 }
        if value == 0xfffd { replacements += 1 }
      case .control, .other: controls += 1
      case .format: continue
      }
      weight += traits.kind == .punctuation ? 0 : 1
      isInWord = false
    }
    words += Int(unspaced.rounded(.up))
  }

  private static func isClosing(_ value: UInt32) -> Bool {
    switch value {
    case 0x22, 0x27, 0x29, 0x5d, 0x7d, 0xbb, 0xab, 0x2018...0x201f, 0x203a, 0x300d, 0x300f, 0xff09,
      0x3011, 0x300b:
      true
    default: false
    }
  }
}

/// How much a letter of a script says, and how words are counted in it.
struct ScriptMeasure: Sendable {
  /// How many letters of Latin say the same.
  let weight: Float
  /// Letters in a word, where spaces do not part words; 0 where they do.
  let lettersPerWord: Float

  /// By the script's place among all, measured as letters for each English word on parallel sentences.
  static let table: [ScriptMeasure] = Script.all.map { script in
    switch script.code {
    case "Hani": ScriptMeasure(weight: 3, lettersPerWord: 1.7)
    case "Hira", "Kana", "Bopo": ScriptMeasure(weight: 2, lettersPerWord: 3)
    case "Yiii": ScriptMeasure(weight: 2.5, lettersPerWord: 2)
    case "Thai", "Laoo": ScriptMeasure(weight: 1, lettersPerWord: 5.5)
    case "Khmr": ScriptMeasure(weight: 1, lettersPerWord: 6.3)
    case "Mymr": ScriptMeasure(weight: 0.8, lettersPerWord: 7)
    case "Tibt": ScriptMeasure(weight: 1, lettersPerWord: 5)
    case "Java", "Bali", "Lana", "Talu", "Tale", "Cham", "Sund":
      ScriptMeasure(weight: 1, lettersPerWord: 5.5)
    case "Hang": ScriptMeasure(weight: 2.3, lettersPerWord: 0)
    case "Ethi": ScriptMeasure(weight: 1.5, lettersPerWord: 0)
    case "Cans", "Cher", "Vaii": ScriptMeasure(weight: 1.7, lettersPerWord: 0)
    case "Hebr": ScriptMeasure(weight: 1.3, lettersPerWord: 0)
    default: ScriptMeasure(weight: 1, lettersPerWord: 0)
    }
  }
}
