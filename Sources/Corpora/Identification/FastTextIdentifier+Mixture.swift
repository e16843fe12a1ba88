// SPDX-License-Identifier: Apache-2.0

import Foundation
import WritingSystems

extension FastTextIdentifier {
  /// The languages of a text's parts with their shares; empty where it is in one language.
  ///
  /// The text is cut into words, and where the script changes inside one. Windows of `MixtureRules.windowSize` words (no
  /// window goes over a change of script) are read by themselves, and the cheapest sequence of languages for
  /// them is found, where a change costs `MixtureRules.changeCost` (Viterbi 1967). A part counts when, read as a whole, it
  /// is in its language for certain, and much likelier so than in any language of the others; the rest goes to
  /// the languages that count.
  ///
  /// - Parameters:
  ///   - whole: The label of the text as a whole.
  func mixture(
    _ text: String, _ profile: ScriptProfile, whole: Int
  ) -> [Identification.Share] {
    guard profile.letterCount >= 2 * MixtureRules.leastLetters else { return [] }
    let pieces = TextPieces(text)
    guard isDoubtful(pieces, profile, whole: whole) else { return [] }
    let windows = pieces.windows(of: MixtureRules.windowSize)
    guard windows.count > 1 else { return [] }
    var logs: [[Float]] = []
    for window in windows {
      let part = pieces.text(window)
      logs.append(probabilities(of: part, ScriptProfile(part)))
    }
    var candidates: [Int] = []
    for window in logs {
      // Only what is likely somewhere can be on the path.
      for label in Self.best(window, limit: 3) where !candidates.contains(label) {
        candidates.append(label)
      }
    }
    // Languages of parts that are not certain give way to those of certain ones.
    while candidates.count > 1 {
      let path = languagePath(logs, among: candidates)
      let parts = Self.parts(windows, path).map { Part(pieces.text($0.range), $0.label) }
      let certain = certainLanguages(of: parts)
      let present = candidates.filter { candidate in parts.contains { $0.label == candidate } }
      if Set(certain) == Set(present) { return shares(parts, among: certain) }
      candidates = certain
    }
    return []
  }

  /// Whether a text is to be read more closely: it has several scripts, or stretches of it that follow each
  /// other are not all in the language of the whole.
  private func isDoubtful(_ pieces: TextPieces, _ profile: ScriptProfile, whole: Int) -> Bool {
    if MixtureRules.group(ofRuns: profile.scripts).count > 1 { return true }
    // The model's own first choice is found faster than a calibrated one, and nothing hangs on it yet.
    return pieces.stretches(of: MixtureRules.stretchSize).contains { stretch in
      let part = pieces.text(stretch)
      let found = classifier.predictions(for: profile.isUpperCase ? part.lowercased() : part)
      return found.first?.index != whole
    }
  }

  /// A stretch of a text that is in one language, as it seems.
  private struct Part {
    let text: String
    let label: Int
    let profile: ScriptProfile

    init(_ text: String, _ label: Int) {
      self.text = text
      self.label = label
      profile = ScriptProfile(text)
    }
  }

  /// The cheapest sequence of labels for windows with these probabilities.
  private func languagePath(_ windows: [[Float]], among candidates: [Int]) -> [Int] {
    var costs = [Float](repeating: 0, count: candidates.count)
    var origins: [[Int]] = []
    for window in windows {
      let cheapest = costs.indices.min { costs[$0] < costs[$1] } ?? 0
      let change = costs[cheapest] + MixtureRules.changeCost
      var origin = Array(candidates.indices)
      for index in candidates.indices {
        if change < costs[index] { (costs[index], origin[index]) = (change, cheapest) }
        guard !window.isEmpty else { continue }
        costs[index] += min(MixtureRules.highestCost, -logarithm(window[candidates[index]]))
      }
      origins.append(origin)
    }
    var index = costs.indices.min { costs[$0] < costs[$1] } ?? 0
    var path: [Int] = []
    for origin in origins.reversed() {
      path.append(candidates[index])
      index = origin[index]
    }
    return path.reversed()
  }

  /// Neighbouring windows of one label as one part, which ends where the next begins.
  private static func parts(
    _ windows: [Range<Int>], _ path: [Int]
  ) -> [(range: Range<Int>, label: Int)] {
    var parts: [(range: Range<Int>, label: Int)] = []
    for (window, label) in zip(windows, path) {
      if let last = parts.last, last.label == label {
        parts[parts.count - 1].range = last.range.lowerBound..<window.upperBound
      } else {
        // Windows overlap by halves: of what is in both, each gets one half.
        let start = parts.last.map {
          (max($0.range.lowerBound, window.lowerBound) + min($0.range.upperBound, window.upperBound))
            / 2
        }
        if let start, start > window.lowerBound, let last = parts.last {
          parts[parts.count - 1].range = last.range.lowerBound..<start
          parts.append((start..<window.upperBound, label))
        } else {
          parts.append((window, label))
        }
      }
    }
    return parts
  }

  /// The labels of parts that are in their languages for certain, in the order of the parts.
  private func certainLanguages(of parts: [Part]) -> [Int] {
    var certain: [Int] = []
    for part in parts where !certain.contains(part.label) {
      guard part.profile.letterCount >= MixtureRules.leastLetters else { continue }
      let probabilities = probabilities(of: part.text, part.profile)
      guard !probabilities.isEmpty else { continue }
      // Where no other part is in the same script, the script itself says that the language is another.
      let script = MixtureRules.group(ofRuns: part.profile.scripts)
      let isAlone = parts.allSatisfy {
        $0.label == part.label
          || MixtureRules.group(ofRuns: $0.profile.scripts).isDisjoint(with: script)
      }
      let least = isAlone ? threshold : MixtureRules.partCertainty
      let rival = parts.filter { $0.label != part.label }.map { probabilities[$0.label] }.max()
      if Double(probabilities[part.label]) >= least,
        probabilities[part.label] >= MixtureRules.leastOdds * (rival ?? 0)
      {
        certain.append(part.label)
      }
    }
    return certain
  }

  /// The shares of the languages of parts; empty where it is one language.
  private func shares(_ parts: [Part], among certain: [Int]) -> [Identification.Share] {
    guard certain.count > 1 else { return [] }
    var letters = [Int](repeating: 0, count: certain.count)
    var languages: [LanguageTag?] = certain.map { _ in nil }
    for part in parts {
      guard let place = certain.firstIndex(of: part.label) else { continue }
      letters[place] += part.profile.letterCount
      languages[place] = languages[place] ?? language(part.label, of: part.text, part.profile)
    }
    let total = Double(letters.reduce(0, +))
    return zip(languages, letters).compactMap { language, letters in
      language.map { .init(language: $0, share: Double(letters) / total) }
    }.sorted { ($1.share, $0.language) < ($0.share, $1.language) }
  }

  private func logarithm(_ value: Float) -> Float { value > 0 ? logf(value) : -.infinity }
}

/// What decides whether a line is in several languages; chosen on pairs of half sentences beside whole ones
/// in the training rows of SIB-200.
enum MixtureRules {
  /// Words in a window.
  static let windowSize = 6
  /// What a change of language costs, in nats.
  static let changeCost: Float = 5
  /// The most that a language costs in one window.
  static let highestCost: Float = 8
  /// Letters that a part must have.
  static let leastLetters = 12
  /// How likely a part must be in its language.
  static let partCertainty = 0.7
  /// How many times likelier a part must be in its language than in that of another part.
  static let leastOdds: Float = 15
  /// Words in a stretch that is read to see whether to look more closely.
  static let stretchSize = 10

  /// The scripts that are written together count as one.
  static func group(ofRuns scripts: [(script: Script, count: Int)]) -> Set<UInt8> {
    Set(scripts.map { TextPieces.group(of: $0.script) })
  }
}
