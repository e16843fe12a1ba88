// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TrainingText {
  /// What trainers learn from.
  struct Sample {
    /// The words, weighted by language, without scalars outside the alphabet.
    var words: WordTable
    /// How much one word counts that stands once in a text of weight 1.
    var unit: Int64
    /// The scalars that become pieces, the most frequent first, with how much they count.
    var alphabet: [(scalar: Unicode.Scalar, count: Int64)]
    /// The share of the text's scalars that the alphabet covers.
    var coverage: Double
    /// How many rare words were left out because the memory does not hold them.
    var omitted: Int
  }

  /// So much a word counts at weight 1 where weights differ.
  static let weightUnit: Int64 = 64

  /// The words of all languages in one table.
  ///
  /// - Parameters:
  ///   - weights: one for each language, by which its counts are multiplied; nil for all 1.
  ///   - languageCoverage: what share of its own text the alphabet covers in each language, beside
  ///     `character_coverage` of the whole; nil to leave that to chance.
  ///   - keepsLanguages: whether a word stands in the table once for each language that has it.
  func sample(
    weights: [Double]?, languageCoverage: Float? = nil, keepsLanguages: Bool = false
  ) throws(SubwordError) -> Sample {
    let unit = weights == nil ? 1 : Self.weightUnit
    let required = Set(trainer.requiredCharacters.unicodeScalars)
    let joined = SpilledTally(limit: memory / 4)
    var scalars = ScalarCounts()
    var chosen = Set<Unicode.Scalar>()
    let key = ByteBuffer()
    for language in languages.indices {
      let weight = weights.map { $0[language] } ?? 1
      guard weight > 0 else { continue }
      var own = ScalarCounts()
      try forEachWord(of: language) { (word, count) throws(SubwordError) in
        let scaled = unit == 1 ? count : max(1, Int64(Double(count * unit) * weight))
        own.add(word, scaled)
        guard keepsLanguages else { return try joined.add(word, scaled) }
        key.removeAll()
        if let base = word.baseAddress { key.append(base, word.count) }
        Self.appendLanguage(language, to: key)
        try joined.add(key.bytes, scaled)
      }
      if let share = languageCoverage { chosen.formUnion(own.covering(share)) }
      scalars.add(own)
    }
    chosen.formUnion(scalars.covering(trainer.characterCoverage))
    chosen.formUnion(required)
    let total = scalars.total
    let alphabet = chosen.map { (scalar: $0, count: scalars[$0]) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.scalar < $1.scalar }
    let (words, omitted) = try table(joined, alphabet: chosen)
    return Sample(
      words: words, unit: unit, alphabet: alphabet,
      coverage: total == 0 ? 0 : Double(alphabet.reduce(0) { $0 + $1.count }) / Double(total),
      omitted: omitted)
  }

  /// No byte of UTF-8: what stands between a word and its language.
  private static let border: UInt8 = 0xFF

  private static func appendLanguage(_ language: Int, to key: ByteBuffer) {
    key.append(border)
    key.append(UInt8(language >> 8 & 0xFF))
    key.append(UInt8(language & 0xFF))
  }

  /// Where a key's word ends: before the mark of its language, if there is one.
  @inline(__always)
  private static func wordEnd(_ key: UnsafeBufferPointer<UInt8>) -> Int {
    key.count >= 3 && key[key.count - 3] == border ? key.count - 3 : key.count
  }

  /// The words, cut where a scalar is outside the alphabet; where memory does not hold all, the most frequent.
  private func table(
    _ words: SpilledTally, alphabet: Set<Unicode.Scalar>
  ) throws(SubwordError) -> (WordTable, omitted: Int) {
    let known = ScalarMarks(alphabet)
    try addParts(of: words, known)
    // What trainers hold beside a word takes several times its bytes.
    let limit = memory / 32
    var sizes = [Int64: Int]()
    try words.forEach(inOrder: false) { (word, count) throws(SubwordError) in
      guard known.holdAll(word, upTo: Self.wordEnd(word)) else { return }
      sizes[min(count, 4096), default: 0] += word.count + 8
    }
    var least: Int64 = 1
    var size = sizes.values.reduce(0, +)
    while size > limit, least < 4096 {
      size -= sizes[least] ?? 0
      least += 1
    }
    var table = WordTable()
    var omitted = 0
    try words.forEach { (key, count) throws(SubwordError) in
      let end = Self.wordEnd(key)
      guard known.holdAll(key, upTo: end) else { return }
      guard count >= least else {
        omitted += 1
        return
      }
      table.append(key[..<end], count)
      guard end < key.count else { return }
      table.languages.append(Int32(key[end + 1]) << 8 | Int32(key[end + 2]))
    }
    return (table, omitted)
  }

  /// Counts the parts of words that hold a scalar outside the alphabet; the words stay and are passed over later.
  private func addParts(
    of words: SpilledTally, _ known: ScalarMarks
  ) throws(SubwordError) {
    let parts = SpilledTally(limit: memory / 8)
    let part = ByteBuffer()
    try words.forEach(inOrder: false) { (key, count) throws(SubwordError) in
      let end = Self.wordEnd(key)
      guard !known.holdAll(key, upTo: end) else { return }
      var start = 0
      var index = 0
      while index <= end {
        let (value, length) = index < end ? UTF8Scalar.decode(key, at: index) : (0, 1)
        if index == end || !known.hold(value) {
          if index > start {
            part.removeAll()
            for byte in key[start..<index] { part.append(byte) }
            for byte in key[end...] { part.append(byte) }
            try parts.add(part.bytes, count)
          }
          start = index + length
        }
        index += length
      }
    }
    try parts.forEach(inOrder: false) { (part, count) throws(SubwordError) in
      try words.add(part, count)
    }
  }
}

extension TrainingText {
  /// How much each language counts so that its share is to the power of 1/T of what it is (Conneau and others, 2020);
  /// nil where there is one language, or T is 1.
  ///
  /// - Parameter temperature: T, 1 or more; shares are of bytes. The sum of all counts stays as it is.
  public func weights(temperature: Double) -> [Double]? {
    guard temperature > 1, languages.count > 1 else { return nil }
    let total = Double(languages.reduce(0) { $0 + $1.bytes })
    let shares = languages.map { Double($0.bytes) / max(1, total) }
    let powers = shares.map { $0 > 0 ? pow($0, 1 / temperature) : 0 }
    let sum = powers.reduce(0, +)
    return zip(shares, powers).map { share, power in share > 0 ? power / sum / share : 0 }
  }
}
