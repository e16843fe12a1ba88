// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing

@Suite("TaggingScores")
struct TaggingScoresTests {
  /// Two neighbouring names of two words and of one, as each scheme spells them.
  static let spellings: [(TagScheme, [String])] = [
    (.iob1, ["I-PER", "I-PER", "B-PER", "O", "I-LOC"]),
    (.iob2, ["B-PER", "I-PER", "B-PER", "O", "B-LOC"]),
    (.ioe1, ["I-PER", "E-PER", "I-PER", "O", "I-LOC"]),
    (.ioe2, ["I-PER", "E-PER", "E-PER", "O", "E-LOC"]),
    (.iobes, ["B-PER", "E-PER", "S-PER", "O", "S-LOC"]),
    (.bilou, ["B-PER", "L-PER", "U-PER", "O", "U-LOC"]),
  ]

  @Test("every scheme spells the same entities", arguments: spellings)
  func schemes(scheme: TagScheme, tags: [String]) throws {
    let spans = [
      EntitySpan(type: "PER", start: 0, end: 2), EntitySpan(type: "PER", start: 2, end: 3),
      EntitySpan(type: "LOC", start: 4, end: 5),
    ]
    #expect(try EntitySpan.strict(tags, scheme: scheme) == spans)
    // Read generously they are the same, but for ioe1, whose E at a seam ends the first.
    #expect(EntitySpan.lenient(tags) == spans)
  }

  @Test(
    "what breaks a scheme's rules is no entity when read strictly, and one when read generously")
  func malformed() throws {
    #expect(try EntitySpan.strict(["O", "I-PER"], scheme: .iob2).isEmpty)
    #expect(try EntitySpan.strict(["B-PER", "I-PER", "O"], scheme: .iobes).isEmpty)
    #expect(try EntitySpan.strict(["I-PER", "O"], scheme: .ioe2).isEmpty)
    #expect(EntitySpan.lenient(["O", "I-PER"]).count == 1)
  }

  @Test("types may hold dashes, and a bare letter has a type of its own")
  func types() {
    #expect(EntitySpan.lenient(["B-a-b", "I-a-b"]) == [EntitySpan(type: "a-b", start: 0, end: 2)])
    #expect(EntitySpan.lenient(["B", "I"]) == [EntitySpan(type: "_", start: 0, end: 2)])
  }

  @Test("lists of different lengths and unknown letters are refused with their place")
  func mistakes() {
    #expect(throws: MetricsError.self) { try TaggingScores(gold: [["O"]], predicted: []) }
    let error = #expect(throws: MetricsError.self) {
      try TaggingScores(gold: [["O"], ["O", "O"]], predicted: [["O"], ["O"]])
    }
    #expect(error?.location == "sentence 2")
    let unknown = #expect(throws: MetricsError.self) {
      try TaggingScores(gold: [["O", "S-PER"]], predicted: [["O", "O"]], scheme: .iob2)
    }
    #expect(unknown?.code == .unknownTag)
    #expect(unknown?.location == "sentence 1, word 2")
  }
}
