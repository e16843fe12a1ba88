// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CrossLingual

@Suite("Word alignment")
struct WordAlignmentTests {
  private static func alignment(_ text: String) throws -> WordAlignment {
    WordAlignment(try ReferenceAlignment(pharaoh: text).sure)
  }

  @Test(
    "both directions become one as the method says",
    arguments: [
      (Symmetrization.intersect, "0-0 3-3"), (.union, "0-0 0-1 1-1 2-4 3-3 4-2"),
      (.growDiag, "0-0 0-1 1-1 2-4 3-3 4-2"),
    ])
  func symmetrization(method: Symmetrization, expected: String) throws {
    let forward = try Self.alignment("0-0 0-1 4-2 3-3")
    let backward = try Self.alignment("0-0 1-1 2-4 3-3")
    #expect(method(forward, backward).description == expected)
  }

  @Test("final takes links that reach one free word, final-and those between two free words")
  func final() throws {
    let forward = try Self.alignment("0-0 5-0 3-3")
    let backward = try Self.alignment("0-0")
    #expect(Symmetrization.growDiag(forward, backward).description == "0-0")
    #expect(Symmetrization.growDiagFinal(forward, backward).description == "0-0 3-3 5-0")
    #expect(Symmetrization.growDiagFinalAnd(forward, backward).description == "0-0 3-3")
  }

  @Test("precision counts possible links, recall sure ones, the error rate both")
  func score() throws {
    var score = WordAlignmentScore()
    score.add(
      try Self.alignment("0-0 1-1 2-2"), reference: try ReferenceAlignment(pharaoh: "0-0 1p1 3-3"))
    #expect(score.precision == 2.0 / 3)
    #expect(score.recall == 0.5)
    #expect(abs(score.errorRate - (1 - 3.0 / 5)) < 1e-12)
    #expect(WordAlignmentScore().errorRate == 0)
  }

  @Test("a link that is none is refused", arguments: ["0", "0-", "a-b", "0-1-2", "-1-0"])
  func badLinks(text: String) {
    #expect(throws: AlignmentError.self) { try ReferenceAlignment(pharaoh: text) }
  }

  @Test("both possible marks are read")
  func marks() throws {
    let reference = try ReferenceAlignment(pharaoh: "0-0 1p2 2?1")
    #expect(reference.sure == [.init(0, 0)])
    #expect(reference.possible == [.init(0, 0), .init(1, 2), .init(2, 1)])
  }
}

@Suite("Alignment trainer")
struct AlignmentTrainerTests {
  /// Sentences of a made-up language whose adjectives follow their nouns.
  static func pairs() -> [(source: [String], target: [String])] {
    let adverbs = [("today", "hodie"), ("often", "saepe"), ("never", "numquam")]
    let adjectives = [("big", "magnus"), ("old", "vetus"), ("red", "ruber"), ("new", "novus")]
    let nouns = [
      ("house", "domus"), ("dog", "canis"), ("tree", "arbor"), ("road", "viatus"),
      ("king", "rexum"),
    ]
    let verbs = [("stands", "statum"), ("waits", "manet"), ("falls", "cadit")]
    let places = [("here", "istic"), ("there", "illic"), ("above", "supra"), ("below", "infra")]
    return (0..<120).map { number in
      let adverb = adverbs[number % 3]
      let adjective = adjectives[number % 4]
      let noun = nouns[number % 5]
      let verb = verbs[number / 3 % 3]
      let place = places[number / 5 % 4]
      return (
        [adverb.0, adjective.0, noun.0, verb.0, place.0],
        [adverb.1, noun.1, adjective.1, verb.1, place.1]
      )
    }
  }

  @Test(
    "words that stand in another order are found",
    arguments: [AlignmentTrainer.Model.model1, .hmm])
  func learns(model: AlignmentTrainer.Model) throws {
    var trainer = AlignmentTrainer()
    trainer.model = model
    let aligner = try trainer.train(Self.pairs())
    let links = aligner.align(
      ["often", "old", "tree", "falls", "here"], ["saepe", "arbor", "vetus", "cadit", "istic"],
      by: .intersect
    ).links
    #expect(links.contains(.init(1, 2)))
    #expect(links.contains(.init(2, 1)))
    #expect(links.contains(.init(3, 3)))
  }

  @Test("an unknown word is known by its stem")
  func stems() throws {
    let aligner = try AlignmentTrainer().train(Self.pairs())
    let links = aligner.align(
      ["often", "old", "tree", "falls", "here"], ["saepe", "arboris", "vetus", "cadit", "istic"],
      by: .intersect
    ).links
    #expect(links.contains(.init(2, 1)))
  }

  @Test("the number of threads changes no byte, and a model comes back from its bytes")
  func threads() throws {
    var trainer = AlignmentTrainer()
    let one = try trainer.train(Self.pairs())
    trainer.threads = 3
    let three = try trainer.train(Self.pairs())
    let data = try one.encoded()
    #expect(try three.encoded() == data)
    let read = try WordAligner(decoding: data, at: "model")
    for pair in Self.pairs() {
      #expect(read.align(pair.source, pair.target) == one.align(pair.source, pair.target))
    }
    #expect(
      one.align(Self.pairs(), threads: 1) == one.align(Self.pairs(), threads: 3))
    #expect(throws: AlignmentError.self) {
      try WordAligner(decoding: Data("nothing".utf8), at: "model")
    }
  }

  @Test("empty sides teach nothing and have no links")
  func empty() throws {
    let aligner = try AlignmentTrainer().train(Self.pairs() + [([], ["canis"])])
    #expect(aligner.align([], ["canis"]).links.isEmpty)
    #expect(throws: AlignmentError.self) { try AlignmentTrainer().train([([], ["a"])]) }
  }

  @Test("posteriors of a word's choices add up to one, whatever the order")
  func posteriors() throws {
    let aligner = try AlignmentTrainer().train(Self.pairs())
    let source = ["well", "red", "dog", "waits", "nowhere"].map(aligner.source.number)
    let target = ["canis", "ruber", "manet"].map(aligner.target.number)
    var model = aligner.forward
    guard case .jumps(let jumps) = model.order else {
      Issue.record("the HMM has jumps")
      return
    }
    for order in [DirectionModel.Order.any, .diagonal(tension: 4), .jumps(jumps)] {
      model.order = order
      var lattice = AlignmentLattice()
      lattice.fill(
        model, source[...], target[...],
        transitions: order == .jumps(jumps) ? jumps.matrix(source.count) : nil)
      for row in 0..<target.count {
        let sum = lattice.posteriors[row * 6..<row * 6 + 6].reduce(0, +)
        #expect(abs(sum - 1) < 1e-9)
      }
    }
  }

  @Test("the HMM's posteriors are those of all alignments, counted one by one")
  func bruteForce() throws {
    let aligner = try AlignmentTrainer().train(Self.pairs())
    let source = ["big", "house"].map(aligner.source.number)
    let target = ["domus", "magnus", "cadit"].map(aligner.target.number)
    let model = aligner.forward
    guard case .jumps(let jumps) = model.order else {
      Issue.record("the HMM has jumps")
      return
    }
    let steps = jumps.matrix(2)
    var lattice = AlignmentLattice()
    lattice.fill(model, source[...], target[...], transitions: steps)
    func emission(_ place: Int, _ row: Int) -> Double {
      let table = model.lexicon
      let source = place == 2 ? table.emptyRow : Int(source[place])
      guard let entry = table.entry(source, target[row]) else {
        return place == 2
          ? DirectionModel.floor : model.unseen(Int32(source), target[row])
      }
      return max(Double(table.values[entry]), DirectionModel.floor)
    }
    var sums = [Double](repeating: 0, count: 9)
    for code in 0..<27 {
      let choices = [code / 9, code / 3 % 3, code % 3]
      var (probability, memory) = (1.0, 0)
      for (row, choice) in choices.enumerated() {
        if choice == 2 {
          probability *= model.emptyProbability * emission(2, row)
        } else {
          probability *=
            (1 - model.emptyProbability) * steps[memory * 2 + choice] * emission(choice, row)
          memory = choice + 1
        }
      }
      for (row, choice) in choices.enumerated() { sums[row * 3 + choice] += probability }
    }
    let total = sums[0..<3].reduce(0, +)
    for index in sums.indices {
      #expect(abs(sums[index] / total - lattice.posteriors[index]) < 1e-9)
    }
  }
}

@Suite("Similarity aligner")
struct SimilarityAlignerTests {
  private static let values: [Float] = [
    0.9, 0.2, 0.1,
    0.8, 0.75, 0.1,
  ]

  @Test("argmax takes what is mutual, itermax goes on, match gives each its own")
  func methods() {
    func links(_ method: SimilarityAligner.Method) -> String {
      SimilarityAligner(method: method).align(Self.values, targetCount: 3).description
    }
    #expect(links(.argmax) == "0-0")
    #expect(links(.itermax) == "0-0 1-1")
    #expect(links(.match) == "0-0 1-1")
  }

  @Test("the matching has the greatest sum of all")
  func matching() {
    let values: [Float] = [0.9, 0.8, 0.8, 0.1]
    let links = SimilarityAligner(method: .match).align(values, targetCount: 2)
    #expect(links.description == "0-1 1-0")
    let tall: [Float] = [0.1, 0.9, 0.9, 0.8, 0.3, 0.2]
    #expect(
      SimilarityAligner(method: .match).align(tall, targetCount: 2).description == "0-1 1-0")
    #expect(SimilarityAligner().align([], targetCount: 0).links.isEmpty)
  }
}

@Suite("Digamma")
struct DigammaTests {
  @Test("it is known at 1 and at a half, and grows by 1/x")
  func values() {
    let euler = 0.577_215_664_901_532_9
    #expect(abs(LexicalTable.digamma(1) + euler) < 1e-9)
    #expect(abs(LexicalTable.digamma(0.5) + euler + 2 * log(2.0)) < 1e-9)
    #expect(abs(LexicalTable.digamma(3.2) - LexicalTable.digamma(2.2) - 1 / 2.2) < 1e-9)
  }
}
