// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

/// Extension and trimming of tokenizer.json, whose ids do not end where the model's pieces do.
@Suite struct ListedVocabularyTests {
  /// XLM-R's layout over learned pieces: `<mask>` stands last in the model, two more tokens behind it.
  ///
  /// - Parameter gap: how many ids between these have no piece.
  private func base(
    _ languages: [String] = ["lat", "cyr"], gap: Int32 = 1
  ) throws -> TokenizerConfiguration {
    let specification = TrainingSamples.specification(300)
    let text = try TrainingSamples.text(specification, languages: languages)
    let model = try SubwordTrainer(specification, normalizerName: "identity").train(text)
    let normal = model.pieces.indices.filter { model.kinds[$0] == .normal }
    var configuration = try TokenizerConfiguration.xlmRoberta(
      pieces: ["<s>", "<pad>", "</s>", "<unk>"] + normal.map { model.pieces[$0] } + ["<mask>"],
      scores: [0, 0, 0, 0] + normal.map { model.scores[$0] } + [0], characterMap: Fixtures.map)
    let size = Int32(configuration.model.pieces.count)
    configuration.addedTokens += [
      AddedToken(id: size, content: "<lang>"),
      AddedToken(id: size + 1 + gap, content: "brand", isSpecial: false),
    ]
    return configuration
  }

  private func text(
    _ configuration: TokenizerConfiguration, _ languages: [String]
  ) throws -> TrainingText {
    let text = try TrainingText(tokenizer: Tokenizer(configuration))
    for language in languages {
      let letters = try #require(
        [
          "lat": TrainingSamples.latin, "cyr": TrainingSamples.cyrillic,
          "dev": TrainingSamples.devanagari,
        ][language])
      var samples = TrainingSamples(seed: UInt64(language.utf8.reduce(0) { $0 * 31 + Int($1) }))
      let lines = samples.lines(400, letters: letters).joined(separator: "\n")
      try text.add(lines, language: text.language(named: language))
    }
    return text
  }

  @Test("new pieces begin at an id that is asked for, and those that may not be are not taken")
  func choice() throws {
    let base = try base()
    var extender = VocabularyExtender(pieceCount: 80)
    extender.firstID = base.model.pieces.count + 40
    extender.admits = { !$0.contains("क") }
    let result = try extender.extend(base, with: text(base, ["dev"]), keeping: nil)
    let tokenizer = try Tokenizer(
      TokenizerConfiguration(tokenizerJSON: result.model.json.serialized))
    #expect(result.added > 20)
    #expect(tokenizer.vocabularySize == extender.firstID + result.added)
    let news = tokenizer.piecesByID[extender.firstID...]
    #expect(news.allSatisfy { !$0.contains("क") && !$0.hasPrefix("<unused") })
    extender.admits = { _ in true }
    let all = try extender.extend(base, with: text(base, ["dev"]), keeping: nil)
    #expect(all.model.model.pieces[extender.firstID...].contains { $0.contains("क") })
  }

  @Test("new pieces stand behind all ids, added tokens too, and old text is cut as before")
  func extend() throws {
    let base = try base()
    let old = try text(base, ["lat", "cyr"])
    let result = try VocabularyExtender(pieceCount: 80).extend(
      base, with: text(base, ["dev"]), keeping: old, reporting: old)
    #expect(result.added > 40 && result.changed.isEmpty)
    #expect(result.unknown.before > 0 && result.unknown.after == 0)
    let written = try TokenizerConfiguration(tokenizerJSON: result.model.json.serialized)
    let (first, second) = (try Tokenizer(base), try Tokenizer(written))
    let size = first.vocabularySize
    #expect(second.vocabularySize == size + result.added)
    for id in 0..<Int32(size) {
      // The id between the two added tokens had no piece.
      #expect(second.piece(of: id) == first.piece(of: id) ?? "<unused \(id)>")
    }
    for letters in [TrainingSamples.latin, TrainingSamples.cyrillic] {
      var samples = TrainingSamples(seed: 4)
      for line in samples.lines(50, letters: letters) + [
        "x<mask> brand <lang>  Ω unbrand <unused 1>"
      ] {
        #expect(first.ids(of: line) == second.ids(of: line))
      }
    }
    var samples = TrainingSamples(seed: 4)
    let line = samples.lines(1, letters: TrainingSamples.devanagari)[0]
    #expect(second.ids(of: line).contains { $0 >= size })
    // Extended once more, the pieces of the first time are old.
    let again = try VocabularyExtender(pieceCount: 90).extend(
      written, with: text(written, ["dev"]), keeping: nil)
    #expect(Array(again.model.model.pieces.prefix(size + result.added)) == written.model.pieces)
  }

  @Test("pieces without use are renamed so that nothing finds them, or taken out")
  func trim() throws {
    #expect(throws: SubwordError.self, "no reader would leave the gap") { try self.base().json }
    let base = try base(gap: 0)
    let trimmer = VocabularyTrimmer()
    let trimmed = try trimmer.trim(base, for: text(base, ["lat"]))
    let compact = try trimmer.compacted(trimmed)
    let (whole, marked, small) = (
      try Tokenizer(base),
      try Tokenizer(TokenizerConfiguration(tokenizerJSON: trimmed.model.json.serialized)),
      try Tokenizer(TokenizerConfiguration(tokenizerJSON: compact.json.serialized))
    )
    #expect(trimmed.kept.count < 250 && small.vocabularySize == trimmed.kept.count)
    #expect(marked.vocabularySize == whole.vocabularySize)
    var samples = TrainingSamples(seed: UInt64("lat".utf8.reduce(0) { $0 * 31 + Int($1) }))
    for line in samples.lines(400, letters: TrainingSamples.latin) + ["brand <mask> <lang>"] {
      let ids = whole.ids(of: line)
      #expect(marked.ids(of: line) == ids)
      #expect(small.ids(of: line).map { trimmed.kept[Int($0)] } == ids.map(Int.init))
    }
    let unused = try #require(
      (0..<Int32(whole.vocabularySize)).first { !trimmed.kept.contains(Int($0)) })
    #expect(marked.piece(of: unused) == "<unused \(unused)>")
    #expect(!marked.ids(of: "<unused \(unused)>").contains(unused))
    #expect(marked.maskID == whole.maskID && small.maskID != whole.maskID)
  }

  @Test("a WordPiece vocabulary is trimmed likewise, and not extended")
  func wordPiece() throws {
    let pieces = [
      "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "##m", "##e", "t", "##h", "cat",
    ]
    let base = try TokenizerConfiguration(bertPieces: pieces, lowercases: true)
    let text = try TrainingText(tokenizer: Tokenizer(base))
    try text.add("the them\nthe", language: text.language(named: ""))
    let trimmed = try VocabularyTrimmer().trim(base, for: text)
    // Letters of the text stay, unused or not.
    #expect(trimmed.kept == Array(0..<10))
    #expect(trimmed.model.model.pieces[10] == "<unused 10>")
    let tokenizer = try Tokenizer(VocabularyTrimmer().compacted(trimmed))
    #expect(tokenizer.ids(of: "them the") == [2, 5, 6, 5, 3])
    #expect {
      try VocabularyExtender.check(base)
    } throws: { "\($0)".contains("found wordpiece") }
  }

  @Test("what cannot be marked or extended exactly is refused in a sentence")
  func refusals() throws {
    let unigram = try Unigram(pieces: ["<unk>", "a", " "], scores: [0, -1, -1], unknownID: 0)
    #expect {
      try VocabularyTrimmer.check(TokenizerConfiguration(model: .unigram(unigram)))
    } throws: { "\($0)".contains("leaves them") }
    let pair = try BytePair(pieces: ["a"], merges: [])
    #expect {
      try VocabularyTrimmer.check(TokenizerConfiguration(model: .bytePair(pair)))
    } throws: { "\($0)".contains("found bpe") }
    var wordly = try base()
    wordly.addedTokens[wordly.addedTokens.count - 1].isSingleWord = true
    #expect {
      try VocabularyExtender.check(wordly)
    } throws: { "\($0)".contains("single_word") }
  }

  @Test("XLM-R's sentencepiece.bpe.model becomes a tokenizer.json with the same ids")
  func renumbered() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("xlmr-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(Fixtures.sentencePiece(byteFallback: false))
      .write(to: folder.appendingPathComponent("sentencepiece.bpe.model"))
    let fairseq = try TokenizerConfiguration(contentsOf: folder)
    let listed = try fairseq.listed()
    #expect(fairseq.isRenumbered && !listed.isRenumbered)
    let (first, second) = (try Tokenizer(fairseq), try Tokenizer(listed))
    #expect(first.piecesByID == second.piecesByID)
    for text in ["the ab é", "aab", "", "x the 中 aa"] {
      #expect(first.ids(of: text) == second.ids(of: text))
    }
  }
}
