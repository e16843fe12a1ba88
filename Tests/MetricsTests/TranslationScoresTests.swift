// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing

@Suite("BLEU, ChrF and TER")
struct TranslationScoresTests {
  @Test("a translation that is its reference is perfect")
  func perfect() throws {
    let text = ["Vier kleine Boote liegen am Ufer."]
    #expect(abs(try BLEU().corpus(text, references: [text]).score - 100) < 1e-9)
    #expect(abs(try ChrF.plusPlus.corpus(text, references: [text]) - 100) < 1e-9)
    #expect(try TER().corpus(text, references: [text]).score == 0)
  }

  @Test("moving a group of words is one edit")
  func shift() throws {
    let score = try TER().sentence("d e f a b c", references: ["a b c d e f"])
    #expect(score.edits == 1)
    #expect(score.referenceLength == 6)
  }

  @Test("empty translations and empty references have scores too")
  func empty() throws {
    #expect(try BLEU().sentence("", references: ["a b"]).score == 0)
    #expect(try ChrF().sentence("", references: ["a b"]) == 0)
    #expect(try TER().sentence("", references: ["a b"]).score == 100)
    #expect(try TER().sentence("a", references: [""]).score == 100)
    #expect(try TER().sentence("", references: [""]).score == 0)
  }

  @Test("without smoothing an order without a match brings BLEU to nothing")
  func smoothing() throws {
    #expect(try BLEU(smoothing: .none).sentence("a b c d", references: ["a b d c"]).score == 0)
    #expect(try BLEU().sentence("a b c d", references: ["a b d c"]).score > 0)
  }

  @Test("letters that look alike but are other scalars do not match")
  func scalars() throws {
    let composed = "caf\u{e9} caf\u{e9} caf\u{e9} caf\u{e9}"
    let decomposed = "cafe\u{301} cafe\u{301} cafe\u{301} cafe\u{301}"
    #expect(try BLEU().sentence(composed, references: [decomposed]).score == 0)
  }

  @Test("sets that do not belong together, and unknown tokenizers, are refused")
  func mistakes() {
    #expect(throws: MetricsError.self) { try BLEU().corpus(["a"], references: [["a", "b"]]) }
    #expect(throws: MetricsError.self) { try ChrF().corpus(["a"], references: []) }
    #expect(throws: MetricsError.self) { try TER().corpus([], references: [[]]) }
    let error = #expect(throws: MetricsError.self) {
      try TranslationTokenizer(named: "ja-mecab")
    }
    #expect(error?.message.contains("ja-mecab") == true)
  }
}
