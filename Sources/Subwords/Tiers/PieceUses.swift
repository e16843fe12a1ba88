// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// How often each language uses each piece, for each word that it says.
struct PieceUses {
  /// Uses by piece, then by language: pairs of a language's number and its share of a million tokens.
  private var shares: [[(language: Int32, share: Double)]]
  private let names: [String]
  private let scripts: [Script?]

  init(_ model: SentencePieceModel, _ text: TrainingText) throws(SubwordError) {
    let tokenizer = try Tokenizer(TokenizerConfiguration(sentencePiece: model))
    guard case .unigram(let unigram) = tokenizer.configuration.model else {
      throw SubwordError(.invalidArgument, "expected a unigram model, found another")
    }
    shares = model.pieces.map { _ in [] }
    names = text.languages.map(\.name)
    var scripts = [Script?]()
    for language in text.languages.indices {
      var counts = [Int64](repeating: 0, count: model.pieces.count)
      var scriptCounts = [Int64](repeating: 0, count: Script.all.count)
      var total: Int64 = 0
      var scratch = Unigram.Scratch()
      try text.forEachWord(of: language) { (word, count) throws(SubwordError) in
        var sink = IDSink()
        unigram.cut(word, 0..<word.count, &scratch, into: &sink)
        for id in sink.ids where Int(id) < counts.count {
          counts[Int(id)] += count
          total += count
        }
        var index = 0
        while index < word.count {
          let (value, length) = UTF8Scalar.decode(word, at: index)
          if let scalar = Unicode.Scalar(value) {
            scriptCounts[Int(scalar.script.rawValue)] += count
          }
          index += length
        }
      }
      let most = Script.all.filter(\.isSpecific).max {
        scriptCounts[Int($0.rawValue)] < scriptCounts[Int($1.rawValue)]
      }
      scripts.append(most)
      for id in counts.indices where counts[id] > 0 {
        shares[id].append((Int32(language), Double(counts[id]) / Double(total)))
      }
    }
    self.scripts = scripts
  }

  /// The pack that a piece belongs to; nil for the core.
  func owner(of id: Int, _ packs: TieredTrainer.Packs, _ ownership: Double) -> String? {
    let total = shares[id].reduce(0) { $0 + $1.share }
    guard total > 0 else { return nil }
    if packs == .languages, let most = shares[id].max(by: { $0.share < $1.share }),
      most.share / total >= ownership
    {
      return names[Int(most.language)]
    }
    var byScript = [Script: Double]()
    for (language, share) in shares[id] {
      if let script = scripts[Int(language)] { byScript[script, default: 0] += share }
    }
    // What most languages write with is no particular script.
    let common = mostCommonScript
    for script in byScript.keys.sorted() where script != common {
      if (byScript[script] ?? 0) / total >= ownership { return script.code }
    }
    return nil
  }

  private var mostCommonScript: Script? {
    Script.all.max { left, right in
      scripts.count { $0 == left } < scripts.count { $0 == right }
    }
  }

  /// The languages that use some of the pieces for more than stray words, in the order of their names.
  func languages(of ids: [Int]) -> [String] {
    var sums = [Double](repeating: 0, count: names.count)
    for id in ids { for (language, share) in shares[id] { sums[Int(language)] += share } }
    return names.indices.filter { sums[$0] >= 0.01 }.map { names[$0] }.sorted()
  }
}
