// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing

extension Golden.Metrics {
  @Test("entities and their scores equal seqeval's, by default and strictly")
  func tagging() throws {
    let cases: [SeqevalCase] = try read("seqeval.json")
    #expect(!cases.isEmpty)
    for (index, golden) in cases.enumerated() {
      let at: Comment = "case \(index)"
      let lenient = try TaggingScores(gold: golden.gold, predicted: golden.pred)
      #expect(isClose(lenient.accuracy, golden.token_accuracy, 1e-9), at)
      #expect(isClose(lenient.precision, golden.default.precision, 1e-9), at)
      #expect(isClose(lenient.recall, golden.default.recall, 1e-9), at)
      #expect(isClose(lenient.f1, golden.default.f1, 1e-9), at)
      #expect(isClose(lenient.macroF1, golden.default.macro_f1, 1e-9), at)
      #expect(joined(golden.gold) == golden.default.gold_spans.map(\.span), at)
      #expect(joined(golden.pred) == golden.default.pred_spans.map(\.span), at)

      let strict = try TaggingScores(gold: golden.gold, predicted: golden.pred, scheme: .iob2)
      #expect(isClose(strict.precision, golden.strict_iob2.precision, 1e-9), at)
      #expect(isClose(strict.recall, golden.strict_iob2.recall, 1e-9), at)
      #expect(isClose(strict.f1, golden.strict_iob2.f1, 1e-9), at)
      #expect(try inSentences(golden.gold) == golden.strict_iob2.gold_spans.map(\.place), at)
      #expect(try inSentences(golden.pred) == golden.strict_iob2.pred_spans.map(\.place), at)
      #expect(strict.types.map(\.type) == golden.strict_iob2.per_type.keys.sorted(), at)
      for (type, score) in strict.types {
        let expected = try #require(golden.strict_iob2.per_type[type])
        #expect(isClose(score.precision, expected.precision, 1e-9), at)
        #expect(isClose(score.recall, expected.recall, 1e-9), at)
        #expect(isClose(score.f1, expected.f1, 1e-9), at)
        #expect(score.support == expected.support, at)
      }
    }
  }

  /// Entities of all sentences laid end to end, with a word between that has none.
  private func joined(_ sentences: [[String]]) -> [EntitySpan] {
    EntitySpan.lenient(Array(sentences.map { $0 + ["O"] }.joined()))
  }

  private func inSentences(_ sentences: [[String]]) throws -> [PlacedSpan] {
    try sentences.enumerated().flatMap { index, tags in
      try EntitySpan.strict(tags, scheme: .iob2).map { PlacedSpan(sentence: index, span: $0) }
    }
  }

  @Test("answers are normalised and scored as SQuAD's and MLQA's scripts do")
  func answers() throws {
    let fixture: SquadFixture = try read("squad.json")
    #expect(!fixture.cases.isEmpty)
    var scores: [AnswerScore] = []
    for (index, golden) in fixture.cases.enumerated() {
      let at: Comment = "case \(index)"
      var checks = [(AnswerNormalization.squad, golden.squad)]
      if let mlqa = golden.mlqa { checks.append((.mlqa(language: golden.lang), mlqa)) }
      for (normalization, expected) in checks {
        let words = try normalization(golden.prediction)
        #expect(
          words.unicodeScalars.elementsEqual(expected.normalized_prediction.unicodeScalars), at)
        let score = try AnswerScore(
          golden.prediction, golds: golden.golds, normalization: normalization)
        #expect(score.exactMatch == expected.em, at)
        #expect(isClose(score.f1, expected.f1, 1e-9), at)
        if normalization == .squad { scores.append(score) }
      }
    }
    let mean = AnswerScore(mean: scores)
    #expect(isClose(100 * mean.exactMatch, fixture.aggregate_squad.exact_match, 1e-9))
    #expect(isClose(100 * mean.f1, fixture.aggregate_squad.f1, 1e-9))
  }

  @Test("sentences are cut into words as sacreBLEU cuts them")
  func translationWords() throws {
    let fixture: SacrebleuFixture = try read("sacrebleu.json")
    for (index, golden) in fixture.tokenizer_cases.enumerated() {
      let text = try #require(golden["text"])
      #expect(golden.count > 1)
      for (name, expected) in golden where name != "text" {
        let found = try TranslationTokenizer(named: name)(text)
        #expect(found.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(index), \(name)")
      }
    }
    for set in fixture.sets {
      for (name, expected) in set.tokenized {
        let tokenizer = try TranslationTokenizer(named: name)
        for (hypothesis, words) in zip(set.hypotheses, expected) {
          #expect(tokenizer(hypothesis).unicodeScalars.elementsEqual(words.unicodeScalars))
        }
      }
    }
  }

  @Test("BLEU, chrF and TER equal sacreBLEU's, signatures and counts included")
  func translation() throws {
    let fixture: SacrebleuFixture = try read("sacrebleu.json")
    #expect(!fixture.sets.isEmpty)
    for set in fixture.sets {
      let first = [set.references[0]]
      for (references, expected) in [(first, set.single_ref), (set.references, set.two_refs)] {
        for (name, golden) in expected {
          let at: Comment = "\(set.lang), \(name), \(references.count)"
          try check(name, golden, set.hypotheses, references, at)
        }
      }
      let tokenizer = try #require(set.single_ref.keys.filter { $0.hasSuffix("-lc-floor") }.first)
      let bleu = BLEU(
        tokenizer: try TranslationTokenizer(named: String(tokenizer.dropFirst(5).dropLast(9))),
        usesEffectiveOrder: true)
      for (index, hypothesis) in set.hypotheses.enumerated() {
        let at: Comment = "\(set.lang), sentence \(index)"
        let reference = [set.references[0][index]]
        let found = (
          try bleu.sentence(hypothesis, references: reference).score,
          try ChrF().sentence(hypothesis, references: reference),
          try ChrF.plusPlus.sentence(hypothesis, references: reference),
          try TER().sentence(hypothesis, references: reference).score
        )
        #expect(isClose(found.0, set.sentence.bleu[index], 1e-6), at)
        #expect(isClose(found.1, set.sentence.chrf[index], 1e-6), at)
        #expect(isClose(found.2, set.sentence.chrfpp[index], 1e-6), at)
        #expect(isClose(found.3, set.sentence.ter[index], 1e-6), at)
      }
    }
  }

  private func check(
    _ name: String, _ golden: TranslationScore, _ hypotheses: [String], _ references: [[String]],
    _ at: Comment
  ) throws {
    let parts = name.split(separator: "-").map(String.init)
    switch parts[0] {
    case "BLEU":
      var bleu = BLEU(tokenizer: try TranslationTokenizer(named: parts[1]))
      switch parts[2...].joined(separator: "-") {
      case "": break
      case "lc-floor":
        bleu.lowercases = true
        bleu.smoothing = .floor()
      case "add-k": bleu.smoothing = .addK()
      case let other: Issue.record("'\(other)' is not understood: \(at)")
      }
      let found = try bleu.corpus(hypotheses, references: references)
      #expect(bleu.signature(references: references.count) == golden.signature, at)
      #expect(isClose(found.score, golden.score, 1e-6), at)
      #expect(found.counts == golden.counts, at)
      #expect(found.totals == golden.totals, at)
      #expect(found.length == golden.sys_len && found.referenceLength == golden.ref_len, at)
      #expect(isClose(found.brevityPenalty, golden.bp, 1e-9), at)
      for (precision, expected) in zip(found.precisions, try #require(golden.precisions)) {
        #expect(isClose(precision, expected, 1e-6), at)
      }
    case "chrF", "chrF++":
      var metric = parts[0] == "chrF" ? ChrF() : .plusPlus
      metric.lowercases = parts.dropFirst() == ["lc"]
      #expect(parts.count == 1 || metric.lowercases, at)
      #expect(metric.signature(references: references.count) == golden.signature, at)
      #expect(
        isClose(try metric.corpus(hypotheses, references: references), golden.score, 1e-6), at)
    case "TER":
      let isPlain = parts.count == 1
      #expect(isPlain || parts[1...] == ["norm", "asian"], at)
      let metric = TER(
        normalizes: !isPlain, dropsPunctuation: !isPlain, supportsAsian: !isPlain)
      let found = try metric.corpus(hypotheses, references: references)
      #expect(metric.signature(references: references.count) == golden.signature, at)
      #expect(isClose(found.score, golden.score, 1e-6), at)
      #expect(Double(found.edits) == golden.num_edits, at)
      #expect(isClose(found.referenceLength, golden.ref_length, 1e-9), at)
    case let other: Issue.record("'\(other)' is not understood: \(at)")
    }
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct SeqevalCase: Decodable {
  struct Lenient: Decodable {
    var precision, recall, f1: Double
    var macro_f1: Double?
    var gold_spans, pred_spans: [JoinedSpan]
  }

  struct Strict: Decodable {
    var precision, recall, f1: Double
    var gold_spans, pred_spans: [SentenceSpan]
    var per_type: [String: Score]
  }

  struct Score: Decodable {
    var precision, recall, f1: Double
    var support: Int
  }

  var gold, pred: [[String]]
  var token_accuracy: Double
  var `default`: Lenient
  var strict_iob2: Strict
}

/// `[type, start, last]`.
private struct JoinedSpan: Decodable {
  var span: EntitySpan

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    span = EntitySpan(
      type: try list.decode(String.self), start: try list.decode(Int.self),
      end: try list.decode(Int.self) + 1)
  }
}

/// An entity and the sentence that it is in.
private struct PlacedSpan: Equatable {
  var sentence: Int
  var span: EntitySpan
}

/// `[sentence, type, start, last]`.
private struct SentenceSpan: Decodable {
  var place: PlacedSpan

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    let sentence = try list.decode(Int.self)
    place = PlacedSpan(
      sentence: sentence,
      span: EntitySpan(
        type: try list.decode(String.self), start: try list.decode(Int.self),
        end: try list.decode(Int.self) + 1))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct SquadFixture: Decodable {
  struct Score: Decodable {
    var normalized_prediction: String
    var em, f1: Double
  }

  struct Case: Decodable {
    var lang, prediction: String
    var golds: [String]
    var squad: Score
    var mlqa: Score?
  }

  struct Aggregate: Decodable { var exact_match, f1: Double }

  var cases: [Case]
  var aggregate_squad: Aggregate
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct TranslationScore: Decodable {
  var score: Double
  var signature: String
  var precisions, counts, totals: [Double]?
  var bp: Double?
  var sys_len, ref_len: Int?
  var num_edits, ref_length: Double?
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct SacrebleuFixture: Decodable {
  struct Sentences: Decodable { var bleu, chrf, chrfpp, ter: [Double] }

  struct Set: Decodable {
    var lang: String
    var hypotheses: [String]
    var references: [[String]]
    var single_ref, two_refs: [String: TranslationScore]
    var sentence: Sentences
    var tokenized: [String: [String]]
  }

  var sets: [Set]
  var tokenizer_cases: [[String: String]]
}
