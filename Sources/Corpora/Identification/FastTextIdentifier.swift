// SPDX-License-Identifier: Apache-2.0

import Foundation
import WordVectors
import WritingSystems

/// Says what language a text is in with a fastText model whose labels are languages.
///
/// Any supervised model will do: `lid.176`, GlotLID, NLLB's `lid218e`, or one that
/// ``IdentifierTraining`` made. In raw mode the probabilities are fastText's own, to the last digits; else
/// they are calibrated (``IdentificationCalibration``), upper-case lines are read in lower case, and languages
/// that are not written in the text's script are ruled out.
public struct FastTextIdentifier: LanguageIdentifier {
  /// The probability below which a language is not believed, unless told otherwise: 0.4.
  ///
  /// On sentences and their first words in SIB-200 (development rows) it is about where the right answers that
  /// are lost begin to outweigh the wrong ones that are kept back.
  public static let standardThreshold = 0.4

  /// Whether probabilities are fastText's own; false.
  public var isRaw = false
  /// The probability below which a language is not believed; ``standardThreshold``.
  public var threshold = Self.standardThreshold
  /// How probabilities are corrected.
  public var calibration: IdentificationCalibration
  /// Whether lines in several languages are looked for; true, but never in raw mode.
  public var findsMixtures = true

  let classifier: FastTextClassifier
  /// The language of each label.
  let languages: [LanguageTag]
  /// Each label's language in each script that its texts may have.
  private let named: [[(script: String, language: LanguageTag)]]
  /// The scripts of each label's language.
  private let scripts: [[Script]]
  /// The logarithm of each label's share of the model's training text.
  let logPriors: [Float]

  /// An identifier with a model file; `FILE.calibration.json` beside it is its calibration.
  ///
  /// - Throws: `CorpusError.Code.file` or `.format` where the file is no supervised fastText model, or its
  ///   labels are no languages.
  public init(contentsOf path: String) throws(CorpusError) {
    let classifier: FastTextClassifier
    do {
      classifier = try FastTextClassifier(contentsOf: path)
    } catch {
      throw CorpusError(error)
    }
    try self.init(classifier, calibration: Self.calibration(beside: path), name: path)
  }

  /// An identifier with a model.
  ///
  /// - Throws: `CorpusError.Code.language` where a label is no language tag.
  public init(
    _ classifier: FastTextClassifier, calibration: IdentificationCalibration = .standard,
    name: String = "the model"
  ) throws(CorpusError) {
    self.classifier = classifier
    self.calibration = calibration
    var languages: [LanguageTag] = []
    for (label, tag) in zip(classifier.labels, ModelLanguages.tags(of: classifier.labels)) {
      guard let tag else {
        throw CorpusError(
          .language, "the label '\(label)' is not a language", expected: "labels like __label__en",
          hint: "name a model that tells languages", at: name)
      }
      languages.append(tag)
    }
    self.languages = languages
    scripts = languages.map { LanguageScripts.scripts(of: $0) }
    named = languages.map { tag in
      LanguageScripts.codes(of: tag).map { ($0, tag.named(withScript: $0)) }
    }
    let dictionary = classifier.model.dictionary
    let counts = languages.indices.map { Double(max(1, dictionary.count(ofLabel: $0))) }
    let total = counts.reduce(0, +)
    logPriors = counts.map { Float(log($0 / total)) }
  }

  /// The languages that a text may be in with their probabilities, the likeliest first; empty where nothing can
  /// be said.
  public func languages(
    of text: String, limit: Int
  ) -> [(language: LanguageTag, probability: Double)] {
    identify(text, limit: limit).candidates.map { ($0.language, $0.probability) }
  }

  /// What is known of the language of a text.
  ///
  /// - Parameter limit: The most candidates; 1.
  public func identify(_ text: String, limit: Int = 1) -> Identification {
    isRaw ? raw(text, limit: limit) : calibrated(text, limit: limit)
  }

  /// What is known of the languages of many texts, in their order, told by several threads.
  public func identify(
    _ texts: [String], limit: Int = 1, threads: Int = 1
  ) -> [Identification] {
    texts.mapInParallel(threads: threads) { identify($0, limit: limit) }
  }

  private func raw(_ text: String, limit: Int) -> Identification {
    let profile = ScriptProfile(text)
    let candidates = classifier.predictions(for: text, limit: limit).map {
      candidate($0.index, Double($0.probability), text, profile)
    }
    return identification(candidates, profile)
  }

  private func calibrated(_ text: String, limit: Int) -> Identification {
    let profile = ScriptProfile(text)
    let probabilities = probabilities(of: text, profile)
    let best = Self.best(probabilities, limit: limit)
    let candidates = best.map { candidate($0, Double(probabilities[$0]), text, profile) }
    var found = identification(candidates, profile)
    if findsMixtures, let whole = best.first {
      found.mixture = mixture(text, profile, whole: whole)
    }
    return found
  }

  /// The calibrated probability of each label; empty where nothing can be said.
  func probabilities(of text: String, _ profile: ScriptProfile) -> [Float] {
    guard var logs = logProbabilities(of: text, profile) else { return [] }
    calibration.apply(&logs, logPriors: logPriors, letterCount: profile.letterCount)
    return logs
  }

  /// The logarithm of each label's probability before calibration, -infinity where a language is ruled out;
  /// nil where all are, or the text has no letters.
  func logProbabilities(of text: String, _ profile: ScriptProfile) -> [Float]? {
    guard profile.letterCount > 0 else { return nil }
    let isShort = profile.letterCount < IdentificationCalibration.shortLength
    let lowered =
      profile.isUpperCase || profile.hasUpperCase && isShort ? text.lowercased() : nil
    var logs = classifier.logProbabilities(
      for: profile.isUpperCase ? lowered ?? text : text)
    guard !logs.isEmpty else { return nil }
    if let lowered, !profile.isUpperCase {
      let other = classifier.logProbabilities(for: lowered)
      if other.count == logs.count {
        for index in logs.indices { logs[index] = (logs[index] + other[index]) / 2 }
      }
    }
    let present = profile.scripts(withShare: IdentificationCalibration.leastScriptShare)
    var isPossible = false
    for index in logs.indices {
      if scripts[index].isEmpty || scripts[index].contains(where: present.contains) {
        isPossible = true
      } else {
        logs[index] = -.infinity
      }
    }
    return isPossible ? logs : nil
  }

  private func candidate(
    _ label: Int, _ probability: Double, _ text: String, _ profile: ScriptProfile
  ) -> Identification.Candidate {
    Identification.Candidate(
      language: language(label, of: text, profile), probability: probability)
  }

  /// The language of a label with the script that a text has.
  func language(_ label: Int, of text: some StringProtocol, _ profile: ScriptProfile) -> LanguageTag
  {
    let choices = named[label]
    if choices.count == 1 { return choices[0].language }
    let script = LanguageScripts.code(of: text, in: languages[label], profile)
    return choices.first { $0.script == script }?.language ?? languages[label]
  }

  private func identification(
    _ candidates: [Identification.Candidate], _ profile: ScriptProfile
  ) -> Identification {
    let isDetermined = (candidates.first?.probability ?? 0) >= threshold && !candidates.isEmpty
    let own = candidates.first?.language.description.utf8.split(separator: UInt8(ascii: "_")).last
      .flatMap { String($0) }
    return Identification(
      candidates: candidates, isDetermined: isDetermined,
      script: (isDetermined ? own : nil) ?? profile.dominantScript?.code ?? Script.common.code)
  }

  /// The label of a language; nil where the model does not know it.
  ///
  /// Its script may be left open by the model, as it is for languages that are written in several.
  public func label(of language: LanguageTag) -> Int? {
    languages.firstIndex(of: language)
      ?? languages.firstIndex {
        $0.language == language.language && $0.script == nil && $0.region == nil
          && Set(LanguageScripts.scripts(of: $0))
            .isSuperset(of: LanguageScripts.scripts(of: language))
      }
  }

  /// The labels of the largest probabilities above 0, the likeliest first.
  static func best(_ probabilities: [Float], limit: Int) -> [Int] {
    guard limit < 16 else {
      return Array(
        probabilities.indices.filter { probabilities[$0] > 0 }
          .sorted { (-probabilities[$0], $0) < (-probabilities[$1], $1) }.prefix(limit))
    }
    var best: [Int] = []
    for index in probabilities.indices where probabilities[index] > 0 {
      if best.count == limit {
        guard let last = best.last, probabilities[index] > probabilities[last] else { continue }
        best.removeLast()
      }
      let place = best.firstIndex { probabilities[$0] < probabilities[index] } ?? best.count
      best.insert(index, at: place)
    }
    return best
  }

  private static func calibration(
    beside path: String
  ) throws(CorpusError) -> IdentificationCalibration {
    let file = "\(path).calibration.json"
    guard FileManager.default.fileExists(atPath: file) else { return .standard }
    do {
      return try JSONDecoder().decode(
        IdentificationCalibration.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    } catch {
      throw CorpusError(
        .format, "the model's calibration cannot be read", expected: "four numbers by name",
        hint: "remove the file, or train the model again", at: file)
    }
  }
}

extension CorpusError {
  /// What is wrong with a model, as what is wrong with a file.
  init(_ error: WordVectorError) {
    self.init(
      error.code == .file ? .file : .format, error.message, expected: error.expected,
      found: error.found, hint: error.hint, at: error.file)
  }
}
