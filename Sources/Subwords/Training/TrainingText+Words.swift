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
    var scalars = [Unicode.Scalar: Int64]()
    var chosen = Set<Unicode.Scalar>()
    var key = [UInt8]()
    for language in languages.indices {
      let weight = weights.map { $0[language] } ?? 1
      guard weight > 0 else { continue }
      var own = [UInt32: Int64]()
      try forEachWord(of: language) { (word, count) throws(SubwordError) in
        let scaled = unit == 1 ? count : max(1, Int64(Double(count * unit) * weight))
        key.removeAll(keepingCapacity: true)
        key.append(contentsOf: word)
        if keepsLanguages { Self.appendLanguage(language, to: &key) }
        try key.withUnsafeBufferPointer { (key) throws(SubwordError) in
          try joined.add(key, scaled)
        }
        var index = 0
        while index < word.count {
          let (value, length) = UTF8Scalar.decode(word, at: index)
          own[value, default: 0] += scaled
          index += length
        }
      }
      if let share = languageCoverage { chosen.formUnion(Self.cover(own, share)) }
      for (value, count) in own {
        if let scalar = Unicode.Scalar(value) { scalars[scalar, default: 0] += count }
      }
    }
    chosen.formUnion(
      Self.cover(
        Dictionary(uniqueKeysWithValues: scalars.map { ($0.key.value, $0.value) }),
        trainer.characterCoverage))
    chosen.formUnion(required)
    let total = scalars.values.reduce(0, +)
    let alphabet = chosen.map { (scalar: $0, count: scalars[$0] ?? 0) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.scalar < $1.scalar }
    let (words, omitted) = try table(joined, alphabet: chosen)
    return Sample(
      words: words, unit: unit, alphabet: alphabet,
      coverage: total == 0 ? 0 : Double(alphabet.reduce(0) { $0 + $1.count }) / Double(total),
      omitted: omitted)
  }

  /// The most frequent scalars that make up `share` of all; ties by scalar.
  private static func cover(_ counts: [UInt32: Int64], _ share: Float) -> Set<Unicode.Scalar> {
    let total = Double(counts.values.reduce(0, +))
    var covered = 0.0
    var chosen = Set<Unicode.Scalar>()
    let order = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    for (value, count) in order {
      guard covered / total < Double(share) else { break }
      covered += Double(count)
      // NUL cannot stand in a trie, and a model never sees it in text that was normalised.
      if let scalar = Unicode.Scalar(value), value != 0 { chosen.insert(scalar) }
    }
    return chosen
  }

  /// No byte of UTF-8: what stands between a word and its language.
  private static let border: UInt8 = 0xFF

  private static func appendLanguage(_ language: Int, to key: inout [UInt8]) {
    key += [border, UInt8(language >> 8 & 0xFF), UInt8(language & 0xFF)]
  }

  /// The words, cut where a scalar is outside the alphabet; where memory does not hold all, the most frequent.
  private func table(
    _ words: SpilledTally, alphabet: Set<Unicode.Scalar>
  ) throws(SubwordError) -> (WordTable, omitted: Int) {
    let known = Set(alphabet.map(\.value))
    let cleaned = SpilledTally(limit: memory / 4)
    var part = [UInt8]()
    try words.forEach { (key, count) throws(SubwordError) in
      let end = key.count >= 3 && key[key.count - 3] == Self.border ? key.count - 3 : key.count
      func add(_ range: Range<Int>) throws(SubwordError) {
        guard !range.isEmpty else { return }
        part.removeAll(keepingCapacity: true)
        part.append(contentsOf: key[range])
        part.append(contentsOf: key[end...])
        try part.withUnsafeBufferPointer { (part) throws(SubwordError) in
          try cleaned.add(part, count)
        }
      }
      var start = 0
      var index = 0
      while index < end {
        let (value, length) = UTF8Scalar.decode(key, at: index)
        if !known.contains(value) {
          try add(start..<index)
          start = index + length
        }
        index += length
      }
      try add(start..<end)
    }
    // What trainers hold beside a word takes several times its bytes.
    let limit = memory / 32
    var sizes = [Int64: Int]()
    try cleaned.forEach { (word, count) throws(SubwordError) in
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
    try cleaned.forEach { (key, count) throws(SubwordError) in
      guard count >= least else {
        omitted += 1
        return
      }
      guard key.count >= 3, key[key.count - 3] == Self.border else {
        table.append(key, count)
        return
      }
      table.append(key[..<(key.count - 3)], count)
      table.languages.append(Int32(key[key.count - 2]) << 8 | Int32(key[key.count - 1]))
    }
    return (table, omitted)
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
