// SPDX-License-Identifier: Apache-2.0

@testable import Subwords

/// Text in made-up languages, the same for the same seed.
struct TrainingSamples {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  /// Lines of words that are put together of stems and endings in some alphabet.
  mutating func lines(_ count: Int, letters: String) -> [String] {
    let letters = Array(letters.unicodeScalars).map { String($0) }
    let syllables = (0..<40).map { _ in
      (0..<2 + next(2)).map { _ in letters[next(letters.count)] }.joined()
    }
    let stems = (0..<200).map { _ in (0..<1 + next(3)).map { _ in syllables[next(40)] }.joined() }
    return (0..<count).map { _ in
      (0..<4 + next(8)).map { _ in
        // Some stems are far more frequent than others.
        stems[min(next(200), next(200))] + (next(3) == 0 ? syllables[next(6)] : "")
      }.joined(separator: " ")
    }
  }

  static let latin = "abcdefghijklmnop"
  static let cyrillic = "абвгдежзиклмноп"
  static let devanagari = "कखगघचजटडतदनपबमयरल"

  /// A text in three languages with as many lines each.
  static func text(
    _ trainer: TrainerSpecification = TrainerSpecification(), memory: Int = 1 << 29,
    threads: Int = 1, languages: [String] = ["lat", "cyr", "dev"], lines: Int = 400
  ) throws -> TrainingText {
    let text = try TrainingText(
      trainer, normalizer: SentencePieceNormalizer(map: try CharacterMap(rules: [])),
      memory: memory, threads: threads)
    let alphabets = ["lat": latin, "cyr": cyrillic, "dev": devanagari]
    for language in languages {
      var samples = TrainingSamples(seed: UInt64(language.utf8.reduce(0) { $0 * 31 + Int($1) }))
      let number = text.language(named: language)
      let sample = samples.lines(lines, letters: alphabets[language] ?? latin)
      try text.add(sample.joined(separator: "\n"), language: number)
    }
    return text
  }

  static func specification(_ size: Int) -> TrainerSpecification {
    var specification = TrainerSpecification()
    specification.vocabularySize = size
    specification.characterCoverage = 1
    return specification
  }
}
