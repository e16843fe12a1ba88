// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WordVectors

@testable import Corpora

@Suite struct IdentificationTests {
  private func found(_ language: String, _ probability: Double) throws -> Identification {
    Identification(
      candidates: [.init(language: try LanguageTag(language), probability: probability)],
      isDetermined: probability >= 0.4, script: "Latn")
  }

  @Test("a line of the table has the same fields whatever was found")
  func lines() throws {
    var one = try found("eng_Latn", 0.5)
    #expect(one.line(json: false) == "eng_Latn\tLatn\t0.500000\t")
    #expect(one.line(json: false, top: 2, text: "a\tb") == "eng_Latn\tLatn\t0.500000\t\t\t\ta b")
    #expect(try found("eng_Latn", 0.1).line(json: false) == "und\tLatn\t0.100000\t")
    one.mixture = [
      .init(language: try LanguageTag("eng_Latn"), share: 0.75),
      .init(language: try LanguageTag("rus_Cyrl"), share: 0.25),
    ]
    #expect(one.line(json: false).hasSuffix("\teng_Latn=0.75 rus_Cyrl=0.25"))
    let object = try JSONSerialization.jsonObject(with: Data(one.line(json: true).utf8))
    let fields = try #require(object as? [String: Any])
    #expect(fields["language"] as? String == "eng_Latn")
    #expect((fields["mixed"] as? [[String: Any]])?.count == 2)
  }

  @Test("numbers are written as C writes them")
  func numbers() {
    for value in [0, 0.000001, 0.1234564, 0.9999999, 1, 1.00001] {
      #expect(Identification.number(value) == String(format: "%.6f", value))
    }
  }

  @Test("a report counts what is in the language, whatever its script unless one is named")
  func report() throws {
    var report = LanguageReport(expected: try LanguageTag("sr"))
    var strict = LanguageReport(expected: try LanguageTag("srp_Cyrl"))
    for (language, probability) in [
      ("srp_Cyrl", 0.9), ("srp_Latn", 0.9), ("hrv_Latn", 0.9), ("srp_Cyrl", 0.2),
    ] {
      report.add(try found(language, probability))
      strict.add(try found(language, probability))
    }
    #expect(report.line(for: "f", json: false) == "f\t4\t2\t1\t1\thrv_Latn=1\t3")
    #expect(strict.matching == 1 && strict.mismatches == [2, 3])
  }

  @Test(
    "calibration rules nothing in that was ruled out, and leaves the order where priors are equal")
  func calibration() {
    var logs: [Float] = [-0.1, -3, -.infinity]
    IdentificationCalibration.standard.apply(
      &logs, logPriors: [-1, -1, -1], letterCount: 10)
    #expect(logs[0] > logs[1] && logs[2] == 0 && abs(logs[0] + logs[1] - 1) < 1e-6)
    // It is less sure of a short text than of a long one.
    var long: [Float] = [-0.1, -3, -.infinity]
    IdentificationCalibration.standard.apply(&long, logPriors: [-1, -1, -1], letterCount: 100)
    #expect(long[0] > logs[0])
  }

  @Test("the simplex finds a valley's floor")
  func simplex() {
    let found = Simplex.minimum(from: [0, 0], step: 0.3, rounds: 200) {
      ($0[0] - 2) * ($0[0] - 2) + 5 * ($0[1] + $0[0] - 1) * ($0[1] + $0[0] - 1)
    }
    #expect(abs(found[0] - 2) < 1e-3 && abs(found[1] + 1) < 1e-3)
  }

  @Test("pieces are words, and stretches of one script")
  func pieces() {
    let text = "one two三四five, шесть"
    let pieces = TextPieces(text)
    #expect(pieces.beginning(words: 1) == "one ")
    #expect(pieces.windows(of: 2).map { pieces.text($0) } == ["one two", "三四", "five, ", "шесть"])
    #expect(TextPieces("").windows(of: 3).isEmpty)
  }

  @Test("files say their language by label, column or name")
  func examples() throws {
    let folder = try TemporaryFolder()
    let paths = [
      try folder.write("__label__fr bonjour\n__label__it ciao\n", to: "labelled.txt"),
      try folder.write("hej\n\nhej igen\n", to: "swe_Latn.txt"),
      try folder.write("text\tlang\nhola\tes\n", to: "rows.tsv"),
    ]
    try folder.write("text\nhallo\n", to: "nl/train.tsv")
    try folder.write("text\nniet\n", to: "nl/dev.tsv")
    var found: [String] = []
    try LanguageExamples(paths + ["\(folder.url.path)/{lang}/{split}.tsv"]).forEach {
      found.append("\($1): \($0)")
    }
    #expect(
      found == [
        "fr: bonjour", "it: ciao", "swe_Latn: hej", "swe_Latn: hej igen", "es: hola", "nl: hallo",
      ])
    let nameless = try folder.write("what\n", to: "some-text.txt")
    #expect { try LanguageExamples([nameless]).forEach { _, _ in } } throws: {
      ($0 as? CorpusError)?.location == "\(nameless):1"
    }
  }

  @Test("a model that is trained is written with its calibration, and read again")
  func training() throws {
    let folder = try TemporaryFolder()
    let paths = try (0..<4).map { index in
      try folder.write(
        TinyIdentifier.lines(index, count: 300).enumerated()
          .map { "\($0.element) \($0.offset)" }.joined(separator: "\n"),
        to: "\(TinyIdentifier.sentences[index].language).txt")
    }
    var training = IdentifierTraining()
    training.arguments.buckets = 2000
    let output = folder.path("model.bin")
    let result = try training.train(
      LanguageExamples(paths), output: output, threads: 1)
    #expect(result.trainingCount > 900 && result.heldOutCount > 20)
    let whole = try #require(result.evaluation.scores.first)
    #expect(whole.raw.accuracy > 0.95 && whole.calibrated.accuracy > 0.95)
    let copy = try FastTextIdentifier(contentsOf: output)
    #expect(copy.calibration == result.identifier.calibration)
    #expect(copy.identify("der kleine Vogel") == result.identifier.identify("der kleine Vogel"))
    // A mistake leaves nothing half-written.
    let bad = try folder.write("__label__en a\n__label__not-a-language! b\n", to: "bad.txt")
    #expect(throws: CorpusError.self) {
      try training.train(LanguageExamples([bad]), output: folder.path("other.bin"), threads: 1)
    }
    #expect(try folder.names().filter { $0.hasPrefix("other") }.isEmpty)
  }
}
