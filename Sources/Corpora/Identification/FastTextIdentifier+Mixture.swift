// SPDX-License-Identifier: Apache-2.0

import Foundation
import WritingSystems

extension FastTextIdentifier {
  /// The languages of a text's parts with their shares; empty where it is in one language.
  ///
  /// The text is cut into words, and where the script changes inside one. Windows of ``windowSize`` words (no
  /// window goes over a change of script) are read by themselves, and the cheapest sequence of languages for
  /// them is found, where a change costs ``changeCost`` (Viterbi 1967). A part counts when, read as a whole, it
  /// is in its language for certain, and much likelier so than in any language of the others.
  ///
  /// - Parameters:
  ///   - whole: The label of the text as a whole.
  ///   - probability: How likely that is.
  func mixture(
    _ text: String, _ profile: TextProfile, whole: Int, probability: Double
  ) -> [Identification.Share] {
    guard profile.letterCount >= 2 * MixtureRules.leastLetters else { return [] }
    let hasScripts = MixtureRules.group(ofRuns: profile.scripts).count > 1
    guard hasScripts || probability < MixtureRules.certainty else { return [] }
    let pieces = TextPieces(text)
    let windows = pieces.windows(of: MixtureRules.windowSize)
    guard windows.count > 1 else { return [] }
    var logs: [[Float]] = []
    for window in windows {
      let part = pieces.text(window)
      logs.append(probabilities(of: part, TextProfile(part)))
    }
    let path = languagePath(logs)
    let parts = Self.parts(windows, path)
    guard parts.count > 1 else { return [] }
    return shares(parts.map { (pieces.text($0.range), $0.label) })
  }

  /// The cheapest sequence of labels for windows with these probabilities; -1 where nothing can be said.
  private func languagePath(_ windows: [[Float]]) -> [Int] {
    // Only what is likely somewhere can be on the path.
    var candidates: [Int] = []
    for window in windows {
      for label in Self.best(window, limit: 3) where !candidates.contains(label) {
        candidates.append(label)
      }
    }
    guard !candidates.isEmpty else { return windows.map { _ in -1 } }
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

  /// The shares of the languages of parts, where at least two of them are certain.
  private func shares(_ parts: [(text: String, label: Int)]) -> [Identification.Share] {
    let labels = parts.map(\.label)
    var found: [(language: LanguageTag, letters: Int)] = []
    var total = 0
    for (text, label) in parts {
      let profile = TextProfile(text)
      total += profile.letterCount
      let probabilities = probabilities(of: text, profile)
      guard !probabilities.isEmpty, profile.letterCount >= MixtureRules.leastLetters,
        Double(probabilities[label]) >= MixtureRules.partCertainty
      else { continue }
      let rival = labels.filter { $0 != label }.map { probabilities[$0] }.max() ?? 0
      guard probabilities[label] >= MixtureRules.leastOdds * rival else { continue }
      let language = language(label, of: text, profile)
      if let place = found.firstIndex(where: { $0.language == language }) {
        found[place].letters += profile.letterCount
      } else {
        found.append((language, profile.letterCount))
      }
    }
    guard found.count > 1 else { return [] }
    return found.map {
      Identification.Share(language: $0.language, share: Double($0.letters) / Double(total))
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
  static let changeCost: Float = 6
  /// The most that a language costs in one window.
  static let highestCost: Float = 8
  /// Letters that a part must have.
  static let leastLetters = 12
  /// How likely a part must be in its language.
  static let partCertainty = 0.8
  /// How many times likelier a part must be in its language than in that of another part.
  static let leastOdds: Float = 20
  /// A text in one script that is in one language this likely is not looked at more closely.
  static let certainty = 0.98

  /// The scripts that are written together count as one.
  static func group(ofRuns scripts: [(script: Script, count: Int)]) -> Set<UInt8> {
    Set(scripts.map { TextPieces.group(of: $0.script) })
  }
}
