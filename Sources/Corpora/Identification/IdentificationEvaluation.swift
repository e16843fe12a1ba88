// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// How well an identifier tells languages: of whole texts, of their first words, and in upper case, beside the
/// model's own probabilities.
public struct IdentificationEvaluation: Sendable {
  /// What is made of each text.
  public enum Variant: String, Sendable, CaseIterable, Codable {
    /// The text as it is.
    case whole
    /// Its first five words.
    case fiveWords = "5 words"
    /// Its first three words.
    case threeWords = "3 words"
    /// Its first word.
    case oneWord = "1 word"
    /// The text in upper case.
    case upperCase = "upper case"
    /// Its first three words in upper case.
    case upperCaseThreeWords = "3 words, upper case"

    /// The text as this variant has it; where words are not parted by spaces, a word is some characters.
    func make(of text: String) -> String {
      switch self {
      case .whole: text
      case .fiveWords: TextPieces(text).beginning(words: 5)
      case .threeWords: TextPieces(text).beginning(words: 3)
      case .oneWord: TextPieces(text).beginning(words: 1)
      case .upperCase: text.uppercased()
      case .upperCaseThreeWords: TextPieces(text).beginning(words: 3).uppercased()
      }
    }
  }

  /// What was counted of one way of telling.
  public struct Score: Sendable, Hashable, Codable {
    /// Texts in languages that the model knows.
    public fileprivate(set) var count = 0
    /// How many of them were told rightly, however surely.
    public fileprivate(set) var correct = 0
    /// How many of these were sure enough.
    public fileprivate(set) var correctAndDetermined = 0
    /// How many were told wrongly, and surely enough.
    public fileprivate(set) var wrongAndDetermined = 0
    /// Texts in languages that the model does not know.
    public fileprivate(set) var unknownCount = 0
    /// How many of them were not determined.
    public fileprivate(set) var unknownUndetermined = 0
    /// How many were said to be in several languages.
    public fileprivate(set) var mixed = 0
    /// Texts, right ones and the sum of their probabilities in each fifteenth of probability.
    fileprivate var bins = [[Double]](repeating: [0, 0, 0], count: 15)

    /// The share that was told rightly.
    public var accuracy: Double { count == 0 ? 0 : Double(correct) / Double(count) }

    /// How far probabilities are from the share that is right, in the mean over 15 bins of probability: the
    /// expected calibration error.
    public var calibrationError: Double {
      bins.reduce(0) { $0 + abs($1[1] - $1[2]) } / Double(max(count, 1))
    }

    fileprivate mutating func add(
      isKnown: Bool, isCorrect: Bool, _ found: Identification
    ) {
      if !found.mixture.isEmpty { mixed += 1 }
      guard isKnown else {
        unknownCount += 1
        unknownUndetermined += found.isDetermined ? 0 : 1
        return
      }
      count += 1
      correct += isCorrect ? 1 : 0
      if found.isDetermined {
        if isCorrect { correctAndDetermined += 1 } else { wrongAndDetermined += 1 }
      }
      let probability = min(found.probability, 1)
      let bin = min(Int(probability * 15), 14)
      bins[bin][0] += 1
      bins[bin][1] += isCorrect ? 1 : 0
      bins[bin][2] += probability
    }
  }

  /// The scores of the model's own probabilities and of calibrated ones, for each variant.
  public private(set) var scores: [(variant: Variant, raw: Score, calibrated: Score)] =
    Variant.allCases.map { ($0, Score(), Score()) }

  private var raw: FastTextIdentifier
  private var calibrated: FastTextIdentifier

  /// An evaluation of an identifier, whose threshold counts for both ways of telling.
  public init(_ identifier: FastTextIdentifier) {
    raw = identifier
    raw.isRaw = true
    calibrated = identifier
    calibrated.isRaw = false
  }

  /// Counts texts of a language.
  public mutating func add(_ texts: [String], language: LanguageTag, threads: Int = 1) {
    let label = raw.label(of: language)
    let (raw, calibrated) = (raw, calibrated)
    for (index, score) in scores.enumerated() {
      let found = texts.mapInParallel(threads: threads, chunkSize: 8) { text in
        let text = score.variant.make(of: text)
        return (raw.told(text), calibrated.told(text))
      }
      for (one, other) in found {
        scores[index].raw.add(
          isKnown: label != nil, isCorrect: one.label == label, one.identification)
        scores[index].calibrated.add(
          isKnown: label != nil, isCorrect: other.label == label, other.identification)
      }
    }
  }
}

extension FastTextIdentifier {
  /// What is known of a text, with the label of the likeliest language.
  fileprivate func told(_ text: String) -> (identification: Identification, label: Int?) {
    let found = identify(text)
    return (found, found.candidates.first.flatMap { label(of: $0.language) })
  }
}
