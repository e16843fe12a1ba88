// SPDX-License-Identifier: Apache-2.0

@testable import Subwords

/// Vocabularies made up at random: odd scores, symbols, rules and settings, the same for the same seed.
struct MadeVocabulary {
  private var generator: SampleGenerator
  private let words: [String]
  private let size: Int

  /// - Parameters:
  ///   - words: what pieces are parts of.
  ///   - size: how often pieces are drawn, which is about their number.
  ///   - seed: of all that is drawn.
  init(words: [String], size: Int = 300, seed: UInt64) {
    self.words = words
    self.size = size
    generator = SampleGenerator(seed: seed, stream: 1)
  }

  /// A SentencePiece model, unigram or BPE.
  mutating func sentencePiece() throws -> SentencePieceModel {
    let isUnigram = chance(0.7)
    let bytes = chance(0.5)
    var trainer = TrainerSpecification()
    trainer.algorithm = isUnigram ? .unigram : .bpe
    trainer.byteFallback = bytes
    trainer.treatsWhitespaceAsSuffix = chance(0.15)
    let normalizer = SentencePieceNormalizer(
      map: try characterMap(), addsDummyPrefix: chance(0.7),
      removesExtraWhitespaces: chance(0.7), escapesWhitespaces: chance(0.9))
    let space = normalizer.escapesWhitespaces ? "\u{2581}" : " "
    let (texts, scores) = pieces(space, merges: !isUnigram)
    var kinds = texts.map { _ in PieceKind.normal }
    if chance(0.4) {
      // In BPE, sentencepiece makes what an unused piece was merged of stand for it.
      for place in kinds.indices where chance(0.05) { kinds[place] = .unused }
    }
    if chance(0.5) {
      for place in kinds.indices where chance(0.03) { kinds[place] = .userDefined }
    }
    return try SentencePieceModel(
      pieces: ["<unk>", "<s>", "</s>"]
        + (bytes ? (0..<256).map { PieceKind.bytePiece(UInt8($0)) } : [])
        + texts,
      scores: [Float](repeating: 0, count: bytes ? 259 : 3) + scores,
      kinds: [.unknown, .control, .control] + [PieceKind](repeating: .byte, count: bytes ? 256 : 0)
        + kinds, trainer: trainer, normalizer: normalizer)
  }

  /// Stages of tokenizer.json as XLM-R and its kin have them.
  mutating func metaspace() throws -> TokenizerConfiguration {
    let (texts, scores) = pieces("\u{2581}", merges: false)
    let special = ["<s>", "<pad>", "</s>", "<unk>"]
    var normalizers: [Normalizer] = [.precompiled(try characterMap())]
    if chance(0.4) { normalizers.insert(.strip(left: true, right: true), at: chance(0.5) ? 0 : 1) }
    if chance(0.4) {
      normalizers.append(
        .replace(.regex(try Pattern(" {2,}")), content: chance(0.5) ? " " : "\u{2581}"))
    }
    let metaspace = Metaspace(
      prependScheme: [.always, .first, .never][Int.random(in: 0..<3, using: &generator)])
    let splits = chance(0.5)
    let bytes = chance(0.3) ? (0..<256).map { PieceKind.bytePiece(UInt8($0)) } : []
    var configuration = TokenizerConfiguration(
      addedTokens: AddedToken.xlmRoberta(maskID: Int32(4 + bytes.count + texts.count))
        + (chance(0.3)
          ? [
            AddedToken(
              id: Int32(5 + bytes.count + texts.count), content: words[0],
              isNormalized: chance(0.5), isSpecial: chance(0.5))
          ]
          : []),
      normalizer: .sequence(normalizers),
      preTokenizer: splits
        ? .sequence([.whitespaceSplit, .metaspace(Metaspace())]) : .metaspace(metaspace),
      model: .unigram(
        try Unigram(
          pieces: special + bytes + texts + ["<mask>"],
          scores: [Double](repeating: 0, count: 4 + bytes.count) + scores.map(Double.init) + [0],
          unknownID: 3, fallsBackToBytes: !bytes.isEmpty)),
      postProcessor: .xlmRoberta, decoder: .metaspace(metaspace))
    // A word that is a piece has the piece's id.
    configuration.addedTokens = TokenizerConfiguration.numbered(
      configuration.addedTokens, configuration.model)
    return configuration
  }

  /// Pieces of the words, and what they score.
  private mutating func pieces(_ space: String, merges: Bool) -> ([String], [Float]) {
    var seen = Set<[UInt8]>()
    var texts = [String]()
    func add(_ scalars: some Sequence<Unicode.Scalar>) {
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      if !text.isEmpty, seen.insert(Array(text.utf8)).inserted { texts.append(text) }
    }
    if chance(0.9) { add(space.unicodeScalars) }
    let crossesWords = chance(0.2)
    for _ in 0..<size {
      var scalars =
        Array((chance(0.5) ? space : "").unicodeScalars)
        + Array(words[Int.random(in: 0..<words.count, using: &generator)].unicodeScalars)
      if crossesWords, chance(0.1) { scalars += Array((space + words[0]).unicodeScalars) }
      let start = chance(0.5) ? 0 : Int.random(in: 0..<scalars.count, using: &generator)
      let end = min(scalars.count, start + Int.random(in: 1...6, using: &generator))
      if chance(0.7), let scalar = scalars[start..<end].last { add([scalar]) }
      // Merges need pieces that they are made of.
      for length in 1..<max(2, end - start + 1) where merges || start + length == end {
        add(scalars[start..<min(scalars.count, start + length)])
      }
    }
    let scores: [Float]
    let choice = Int.random(in: 0..<6, using: &generator)
    switch choice {
    case 0: scores = texts.map { _ in 0 }
    case 1: scores = texts.map { _ in -Float(Int.random(in: 1...3, using: &generator)) }
    case 2: scores = texts.map { -Float($0.unicodeScalars.count) }
    case 3: scores = texts.map { _ in -Float(Int.random(in: 1...40, using: &generator)) * 0.1 }
    case 4: scores = texts.map { _ in Float.random(in: -15...1, using: &generator) }
    default: scores = texts.map { _ in Float.random(in: -15 ... -3, using: &generator) }
    }
    return (texts, scores)
  }

  private mutating func characterMap() throws -> CharacterMap {
    guard chance(0.8) else { return try CharacterMap(blob: []) }
    var rules = Fixtures.rules
    let odd: [CharacterMap.Rule] = [
      .init(["a", " "], ["x"]), .init([" ", "b"], [" ", "c"]), .init(["\u{A0}"], ["\u{2581}"]),
      .init(["…"], [".", ".", "."]), .init(["\u{200B}"], [" "]), .init(["½"], ["1", " ", "2"]),
      .init(["\u{301}"], []), .init(["\u{FDFA}"], ["a", " ", "b", " "]), .init(["e"], ["a"]),
      .init(["\u{2581}"], [" "]), .init(["\u{1D400}"], ["A"]), .init(["¨"], [" ", "\u{308}"]),
    ]
    for rule in odd where chance(0.15) { rules.append(rule) }
    return try CharacterMap(rules: rules)
  }

  private mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &generator) < share
  }
}
