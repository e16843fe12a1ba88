// SPDX-License-Identifier: Apache-2.0

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
  /// - Parameter weights: one for each language, by which its counts are multiplied; nil for all 1.
  func sample(weights: [Double]?) throws(SubwordError) -> Sample {
    let unit = weights == nil ? 1 : Self.weightUnit
    let required = Set(trainer.requiredCharacters.unicodeScalars)
    let joined = SpilledTally(limit: memory / 4)
    var scalars = [Unicode.Scalar: Int64]()
    var chosen = Set<Unicode.Scalar>()
    for language in languages.indices {
      let weight = weights.map { $0[language] } ?? 1
      guard weight > 0 else { continue }
      var own = [UInt32: Int64]()
      try forEachWord(of: language) { (word, count) throws(SubwordError) in
        let scaled = unit == 1 ? count : max(1, Int64(Double(count * unit) * weight))
        try joined.add(word, scaled)
        var index = 0
        while index < word.count {
          let (value, length) = UTF8Scalar.decode(word, at: index)
          own[value, default: 0] += scaled
          index += length
        }
      }
      // With weights each language is a corpus of its own, and so is what covers it.
      if weights != nil { chosen.formUnion(Self.cover(own, trainer.characterCoverage)) }
      for (value, count) in own {
        if let scalar = Unicode.Scalar(value) { scalars[scalar, default: 0] += count }
      }
    }
    if weights == nil {
      chosen = Self.cover(
        Dictionary(uniqueKeysWithValues: scalars.map { ($0.key.value, $0.value) }),
        trainer.characterCoverage)
    }
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

  /// The words, cut where a scalar is outside the alphabet; where memory does not hold all, the most frequent.
  private func table(
    _ words: SpilledTally, alphabet: Set<Unicode.Scalar>
  ) throws(SubwordError) -> (WordTable, omitted: Int) {
    let known = Set(alphabet.map(\.value))
    let cleaned = SpilledTally(limit: memory / 4)
    try words.forEach { (word, count) throws(SubwordError) in
      var start = 0
      var index = 0
      while index < word.count {
        let (value, length) = UTF8Scalar.decode(word, at: index)
        if !known.contains(value) {
          try cleaned.add(UnsafeBufferPointer(rebasing: word[start..<index]), count)
          start = index + length
        }
        index += length
      }
      try cleaned.add(UnsafeBufferPointer(rebasing: word[start...]), count)
    }
    // What trainers hold beside a word takes several times its bytes.
    let limit = memory / 24
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
    try cleaned.forEach { (word, count) throws(SubwordError) in
      if count >= least { table.append(word, count) } else { omitted += 1 }
    }
    return (table, omitted)
  }
}
