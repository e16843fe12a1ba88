// SPDX-License-Identifier: Apache-2.0

import Subwords

/// Makes lines of words and of what tokenizers stumble over, the same for the same seed.
struct TextMutator {
  private var generator: SampleGenerator
  private let words: [String]
  private var lastWords: [String] = []

  /// - Parameters:
  ///   - words: what lines are made of.
  ///   - seed: of all that is drawn.
  init(words: [String], seed: UInt64) {
    self.words = words
    generator = SampleGenerator(seed: seed, stream: 0)
  }

  private static let separators = [
    "  ", "   ", "", "\u{2581}", " \u{2581}", "\u{2581} ", "\u{A0}", "\u{3000}", "\t", "\r",
    " \t", "\u{85}", "\u{2028}", "\u{200B}", "\0", " \0 ", "\u{1}", " \u{1} ", "\u{2581}\u{2581}",
  ]

  private static let ingredients =
    separators + [
      // Marks, joiners and what joins the scalar before or behind.
      "\u{301}", "\u{308}", "\u{327}\u{301}", "\u{94D}", "\u{E33}", "\u{5B8}", "\u{64B}",
      "\u{200C}", "\u{200D}", "\u{FEFF}", "\u{AD}", "\u{FE0F}", "\u{20E3}", "\u{600}", "\u{6DD}",
      "\u{110BD}1", "\u{E0100}", "\u{1100}", "\u{1161}", "\u{11A8}", "\u{AC00}\u{11A8}",
      // What normalisation changes.
      "\u{FDFA}", "\u{FE8E}", "\u{FEF7}", "ﬁ", "①", "㌀", "ｱﾞ", "Ａ", "e\u{301}", "Å",
      "\u{1E9B}\u{323}",
      "İ", "ß", "½", "…", "¨", "\u{1D400}", "\u{1D15F}", "\u{2F800}", "\u{20000}", "\u{FFFD}",
      "\u{FFFF}", "\u{10FFFF}", "\u{E000}",
      // Emoji.
      "👍🏽", "👩‍👩‍👧", "🇩🇪", "🇩", "🏴\u{E0067}\u{E0062}\u{E007F}", "❤️", "1️⃣",
      // Tokens spelled out.
      "<s>", "</s>", "<mask>", "<unk>", "<pad>", "<0x41>", "<0xE2>", "＜s＞", "<extra_id_0>",
      "[CLS]", "[SEP]", "[MASK]", "[UNK]", "##", "@@",
      "1", "12", "2024", ".", ",", "'", "—",
    ]

  /// A line without line feed; one in some hundred is of up to `longest` bytes.
  mutating func line(longest: Int = 1000) -> String {
    if chance(0.03) { return longLine(longest) }
    var line = ""
    if chance(0.1) { line += pick(Self.separators) }
    for number in 0..<Int.random(in: 0...12, using: &generator) {
      if number > 0 { line += chance(0.85) ? " " : pick(Self.separators) }
      line += word()
    }
    if chance(0.1) { line += pick(Self.separators) }
    for _ in 0..<(chance(0.3) ? 0 : Int.random(in: 1...4, using: &generator)) { mutate(&line) }
    return line
  }

  /// Words come again soon, as they do in texts.
  private mutating func word() -> String {
    if chance(0.3), !lastWords.isEmpty { return pick(lastWords) }
    let word = chance(0.03) ? pick(Self.ingredients) : pick(words)
    if lastWords.count < 40 {
      lastWords.append(word)
    } else {
      lastWords[Int.random(in: 0..<40, using: &generator)] = word
    }
    return word
  }

  private mutating func mutate(_ line: inout String) {
    var scalars = Array(line.unicodeScalars)
    // Half of all changes are at the beginning of a word.
    var place = Int.random(in: 0...scalars.count, using: &generator)
    if chance(0.5) { while place > 0, scalars[place - 1] != " " { place -= 1 } }
    switch Int.random(in: 0..<8, using: &generator) {
    case 0 where place < scalars.count: scalars.remove(at: place)
    case 1 where place < scalars.count:
      scalars.swapAt(place, Int.random(in: 0..<scalars.count, using: &generator))
    case 2: scalars.insert(contentsOf: word().unicodeScalars, at: place)
    default: scalars.insert(contentsOf: pick(Self.ingredients).unicodeScalars, at: place)
    }
    line = ""
    line.unicodeScalars.append(contentsOf: scalars)
  }

  /// A word whose length is near a limit, among others.
  private mutating func longLine(_ longest: Int) -> String {
    let length =
      [58...70, 250...262, 500...1000, longest...longest].randomElement(using: &generator)
      .map { Int.random(in: $0, using: &generator) } ?? 60
    var long = ""
    let unit = word()
    while long.utf8.count < length { long += chance(0.7) ? unit : word() }
    var scalars = Array(long.unicodeScalars)
    var size = long.utf8.count
    while size > length, let last = scalars.popLast() { size -= UTF8.width(last) }
    long = ""
    long.unicodeScalars.append(contentsOf: scalars)
    return word() + " " + long + " " + word() + " " + long
  }

  private mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &generator) < share
  }

  private mutating func pick(_ list: [String]) -> String {
    list[Int.random(in: 0..<list.count, using: &generator)]
  }
}
