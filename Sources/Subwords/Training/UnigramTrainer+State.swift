// SPDX-License-Identifier: Apache-2.0

import Foundation

extension UnigramTrainer {
  /// The candidates that are left and what is known of them.
  struct TrainingState {
    private var lattices: UnigramLattices
    private let text: ScalarText
    /// Log probabilities; the first are those of the alphabet.
    private(set) var scores: [Double]
    private var counts: UnigramCounts
    /// What each scalar takes, in nats: what keeps products of probabilities in range.
    private var growth = 2.0
    private let scalarCount: Double
    private let alphabetCount: Int
    /// Which candidates another vocabulary has already.
    private var isPresent: [Bool]
    /// How many letters of the alphabet are new.
    let newLetters: Int
    /// How much each language counts, beside what it says of itself.
    private(set) var weights: [Double]
    /// Into how many pieces each language was cut at first.
    private var firstTokens: [Int64] = []

    init(_ words: WordTable, _ alphabet: [Unicode.Scalar], _ settings: Settings) {
      text = ScalarText(words)
      let seeds = UnigramSeeds(
        text, count: settings.seedCount, maximumLength: settings.maximumPieceLength,
        least: 2 * settings.unit, memory: settings.memory)
      var numbers = [UInt32: Int32]()
      for (index, scalar) in alphabet.enumerated() { numbers[scalar.value] = Int32(index) }
      var singles = alphabet.map { _ in UnigramLattices.Home(word: -1, start: 0, length: 1) }
      var frequencies = [Int64](repeating: 0, count: alphabet.count)
      var scalars: Int64 = 0
      for word in 0..<words.count {
        let start = Int(text.starts[word])
        for position in start..<Int(text.starts[word + 1]) {
          guard let number = numbers[text.scalar(position)] else { continue }
          frequencies[Int(number)] += words.counts[word]
          scalars += words.counts[word]
          singles[Int(number)].word = Int32(word)
          singles[Int(number)].start = Int32(position - start)
        }
      }
      scalarCount = Double(max(1, scalars))
      alphabetCount = alphabet.count
      lattices = UnigramLattices(text, seeds, alphabet: numbers, singles: singles)
      let masses =
        frequencies.map { Double(max(1, $0)) }
        + seeds.seeds.map { Double($0.count) * Double($0.length) }
      isPresent = [Bool](repeating: false, count: masses.count)
      if !settings.present.isEmpty || !settings.excluded.isEmpty {
        for index in masses.indices {
          let piece =
            index < alphabet.count
            ? Array(String(Character(alphabet[index])).utf8)
            : Array(
              text.bytes(
                Int(seeds.seeds[index - alphabet.count].position),
                Int(seeds.seeds[index - alphabet.count].length)))
          isPresent[index] = settings.present.contains(piece)
        }
      }
      newLetters = isPresent[..<alphabet.count].count { !$0 }
      let total = log(masses.reduce(0, +))
      scores = masses.map { log($0) - total }
      counts = UnigramCounts(scores.count, languages: lattices.languageCount)
      weights = [Double](repeating: 1, count: lattices.languageCount)
      guard !settings.excluded.isEmpty else { return }
      let allowed = number { index in
        index < alphabet.count || !settings.excluded.contains(Array(bytes(of: index)))
      }
      keep(allowed)
      counts = UnigramCounts(scores.count, languages: lattices.languageCount)
    }

    /// How many candidates are not yet in another vocabulary.
    var newCount: Int { isPresent.count { !$0 } }

    /// The text of a candidate.
    private func bytes(of piece: Int) -> ArraySlice<UInt8> {
      let home = lattices.homes[piece]
      return text.bytes(Int(text.starts[Int(home.word)]) + Int(home.start), Int(home.length))
    }

    /// Forgets the candidates without a number.
    private mutating func keep(_ numbers: [Int32]) {
      isPresent = isPresent.indices.filter { numbers[$0] >= 0 }.map { isPresent[$0] }
      if scores.count == numbers.count {
        scores = scores.indices.filter { numbers[$0] >= 0 }.map { scores[$0] }
      }
      lattices.renumber(numbers)
    }

    /// What the text takes, in bits for each scalar.
    var bitsPerScalar: String {
      let nats = -Double(counts.logLikelihood) / UnigramCounts.scale / scalarCount
      return "\((nats / log(2) * 1000).rounded() / 1000)"
    }

    mutating func expect(_ settings: Settings) {
      counts = lattices.expectations(
        scores, growth: growth, weights: weights, threads: settings.threads)
      // What weights add to the text they take away elsewhere, more or less.
      growth = -Double(counts.logLikelihood) / UnigramCounts.scale / scalarCount
    }

    /// Fits the probabilities to the counts, with the sparse prior of `spm_train`: each count is taken as
    /// exp(digamma(count)), and pieces that are expected less than half a time go.
    mutating func maximize(_ settings: Settings) {
      let unit = Double(settings.unit) * UnigramCounts.scale
      let expected = counts.pieces.map { Double($0) / unit }
      let numbers = number { index in index < alphabetCount || expected[index] >= 0.5 }
      let kept = expected.indices.filter { numbers[$0] >= 0 }.map { max(expected[$0], 0.01) }
      let total = Self.digamma(kept.reduce(0, +))
      if kept.count < expected.count { keep(numbers) }
      scores = kept.map { Self.digamma(max($0, 0.5)) - total }
    }

    /// Gives languages more weight that are cut into more pieces than others, and the others less.
    mutating func balance(_ settings: Settings) {
      guard let goal = settings.parity, !lattices.languages.isEmpty else { return }
      let tokens = lattices.uses(scores, weights: weights, threads: settings.threads).tokens
      if firstTokens.isEmpty { firstTokens = tokens }
      weights = goal.weights(weights, tokens: tokens, first: firstTokens)
    }

    /// Drops the pieces that cost least, until `size` are left.
    mutating func prune(to size: Int, _ settings: Settings) {
      let spellings = lattices.alternatives(scores, threads: settings.threads)
      let found = lattices.uses(scores, weights: weights, threads: settings.threads)
      let uses = found.pieces.map { Double($0) }
      let total = uses.reduce(0, +)
      var losses = [(loss: Double, piece: Int)]()
      var isKept = [Bool](repeating: false, count: scores.count)
      for piece in scores.indices {
        let spelling = spellings[piece]
        guard !spelling.isEmpty else {
          isKept[piece] = true  // the alphabet
          continue
        }
        if isPresent[piece] {
          isKept[piece] = true
          continue
        }
        guard uses[piece] > 0 else { continue }
        let frequency = uses[piece]
        let own = log(frequency) - log(total)
        // Without the piece its count goes to those that spell it.
        let others = log(total + frequency * Double(spelling.count - 1))
        let instead = spelling.reduce(0.0) { $0 + log(uses[Int($1)] + frequency) - others }
        losses.append((frequency / total * (own - instead), piece))
      }
      losses.sort { $0.loss != $1.loss ? $0.loss > $1.loss : $0.piece < $1.piece }
      for (_, piece) in losses.prefix(max(0, size - newLetters)) { isKept[piece] = true }
      keep(number { isKept[$0] })
    }

    /// The best pieces: the alphabet, and by probability what else there is room for.
    func finish(_ size: Int, _ alphabet: [Unicode.Scalar]) -> [Piece] {
      let order = scores.indices.dropFirst(alphabetCount).sorted {
        scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
      }
      let present = order.filter { isPresent[$0] }
      let chosen = present + order.filter { !isPresent[$0] }.prefix(max(0, size - newLetters))
      let pieces =
        alphabet.indices.map { Piece(text: String(Character(alphabet[$0])), score: scores[$0]) }
        + chosen.map {
          Piece(text: String(decoding: bytes(of: $0), as: UTF8.self), score: scores[$0])
        }
      return pieces.sorted {
        $0.score != $1.score
          ? $0.score > $1.score : $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
      }
    }

    private func number(_ isKept: (Int) -> Bool) -> [Int32] {
      var next: Int32 = 0
      return scores.indices.map { index in
        guard isKept(index) else { return -1 }
        defer { next += 1 }
        return next
      }
    }

    /// The derivative of the logarithm of the gamma function, by recurrence and its asymptotic series.
    static func digamma(_ value: Double) -> Double {
      var (x, result) = (value, 0.0)
      while x < 7 {
        result -= 1 / x
        x += 1
      }
      let square = 1 / (x * x)
      return result + log(x) - 0.5 / x
        - square * (1 / 12.0 - square * (1 / 120.0 - square * (1 / 252.0)))
    }
  }
}
