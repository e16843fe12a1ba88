// SPDX-License-Identifier: Apache-2.0

import Foundation
import WordVectors

/// Makes a model that tells languages from texts in them, as a file that fastText opens too.
public struct IdentifierTraining: Sendable {
  /// What the model is and how it learns: 16 numbers in a vector, n-grams of 2 to 4 characters, 2^18 rows for
  /// them, softmax, 10 passes, words that come 5 times.
  public var arguments: ModelArguments
  /// The learning rate at the start; 0.5.
  public var learningRate = 0.5
  /// Seeds what is held out, the first values and the order of texts; 1.
  public var seed: UInt64 = 1
  /// The share of texts that is held out to measure on; 0.1.
  public var heldOut = 0.1
  /// How many words and n-grams a quantised model keeps; nil is a model that is not quantised.
  public var keptRows: Int?

  /// A training with these defaults.
  public init() {
    arguments = ModelArguments()
    arguments.dimension = 16
    arguments.minimumCharacters = 2
    arguments.maximumCharacters = 4
    arguments.buckets = 1 << 18
    arguments.minimumCount = 5
    arguments.loss = .softmax
    arguments.epochs = 10
  }

  /// What came of it.
  public struct Result {
    /// The identifier, calibrated on texts that were held out.
    public var identifier: FastTextIdentifier
    /// How well it tells them.
    public var evaluation: IdentificationEvaluation
    /// How many texts it learnt from.
    public var trainingCount: Int
    /// How many were held out.
    public var heldOutCount: Int
  }

  /// Learns from texts and writes the model and, as `OUTPUT.calibration.json`, its calibration.
  ///
  /// Half of what is held out calibrates, the other half measures.
  ///
  /// - Parameter test: Texts to measure on in place of what is held out.
  /// - Throws: `CorpusError` where a file cannot be read or written, or does not suffice.
  public func train(
    _ examples: LanguageExamples, test: LanguageExamples? = nil, output: String, threads: Int,
    progress: (String) -> Void = { _ in }
  ) throws -> Result {
    let file = try AtomicFile(output)
    let lines = try wrapped { () throws(WordVectorError) in try LineStore() }
    var heldOutTexts: [(text: String, language: String)] = []
    try examples.forEach { text, language in
      let share = stableShare(seed, "\(language)\u{0}\(text)")
      if share < heldOut {
        heldOutTexts.append((text, language))
      } else {
        try append(text, language, to: lines)
      }
    }
    progress("learning from \(lines.count) texts")
    var trainer = ClassifierTrainer()
    trainer.arguments = arguments
    trainer.learningRate = learningRate
    trainer.seed = seed
    var told = 0
    let model = try wrapped { () throws(WordVectorError) in
      let model = try trainer.train(lines) { state in
        guard Int(state.share * 10) > told else { return }
        told = Int(state.share * 10)
        progress("\(told * 10) %: loss \(String(format: "%.4f", state.loss))")
      }
      guard let keptRows else { return model }
      progress("quantising")
      return try model.quantized(keptRows: keptRows, seed: seed)
    }
    let classifier = try wrapped { () throws(WordVectorError) in try FastTextClassifier(model) }
    var identifier = try FastTextIdentifier(classifier, calibration: .none)
    var measured: [(text: String, language: String)] = []
    if let test {
      try test.forEach { measured.append(($0, $1)) }
    } else {
      measured = heldOutTexts.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      heldOutTexts = heldOutTexts.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }
    var fitting = CalibrationFitting(identifier)
    for (text, language) in heldOutTexts { fitting.add(text, language: try LanguageTag(language)) }
    if let calibration = try? fitting.fitted() {
      identifier.calibration = calibration
    } else {
      progress("too few texts are held out to calibrate on; the model is taken at its word")
    }
    try model.write { try file.write(contentsOf: $0) }
    try writeCalibration(identifier.calibration, beside: output)
    try file.commit()
    var evaluation = IdentificationEvaluation(identifier)
    try evaluation.add(measured, threads: threads)
    return Result(
      identifier: identifier, evaluation: evaluation, trainingCount: lines.count,
      heldOutCount: measured.count)
  }

  private func append(_ text: String, _ language: String, to lines: LineStore) throws {
    let prefix = WordDictionary.labelPrefix
    _ = try LanguageTag(language)
    guard !text.contains(prefix) else {
      throw CorpusError(
        .format, "a text has '\(prefix)' in it, which begins a label",
        expected: "text in '\(language)'", found: "'\(text.prefix(60))'",
        hint: "remove the line")
    }
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    try wrapped { () throws(WordVectorError) in
      try lines.append("\(prefix)\(language) \(line)")
    }
  }

  private func writeCalibration(
    _ calibration: IdentificationCalibration, beside output: String
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let file = try AtomicFile("\(output).calibration.json")
    try file.write(contentsOf: encoder.encode(calibration) + [0x0a])
    try file.commit()
  }

  private func wrapped<Value>(
    _ body: () throws(WordVectorError) -> Value
  ) throws(CorpusError) -> Value {
    do {
      return try body()
    } catch {
      throw CorpusError(error)
    }
  }
}

extension IdentificationEvaluation {
  /// Counts texts with the names of their languages.
  public mutating func add(
    _ texts: [(text: String, language: String)], threads: Int = 1
  ) throws(CorpusError) {
    var start = 0
    while start < texts.count {
      let language = texts[start].language
      var end = start
      while end < texts.count, texts[end].language == language { end += 1 }
      add(texts[start..<end].map(\.text), language: try LanguageTag(language), threads: threads)
      start = end
    }
  }
}
