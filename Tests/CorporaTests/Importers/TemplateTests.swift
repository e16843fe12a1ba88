// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Corpora

@Suite("Template")
struct TemplateTests {
  /// All sentences of a template: so many draws that none is missed.
  private func sentences(_ source: String, rules: [String: String] = [:]) throws -> Set<String> {
    let sampler = TemplateSampler(
      rules: try rules.mapValues { try Template($0) },
      lists: ["color": [.text("red"), try Template("light blue|navy")], "n": [.text("7")]],
      fallback: { $0 == "name" ? ["Ada"] : [] })
    let template = try Template(source)
    var generator = StableGenerator(seed: 1)
    return Set((0..<500).compactMap { _ in sampler.sentence(template, &generator) })
  }

  @Test(
    "has the sentences that hassil gives it",
    arguments: [
      ("plain words", ["plain words"]), ("(a|b) c", ["a c", "b c"]), ("a|b c", ["a", "b c"]),
      ("[a] b", ["a b", "b"]), ("[a|b|c]", ["", "a", "b", "c"]), ("x[s]", ["x", "xs"]),
      ("(a;b c;d)", ["a b c d", "a d b c", "b c a d", "b c d a", "d a b c", "d b c a"]),
      ("a;b", ["a b", "b a"]), ("[a;b]x", ["a bx", "b ax", "x"]), ("(a|)b", ["ab", "b"]),
      ("( a | b )c", ["a c", "b c"]), ("a( |-)b", ["a b", "a-b"]),
      ("(a|(b|[c] d))", ["a", "b", "c d", "d"]), ("a\\|b \\(c\\) \\\\", ["a|b (c) \\"]),
      ("{n} {n:count}", ["7 7"]), ("{color} it", ["red it", "light blue it", "navy it"]),
      ("call {name}", ["call Ada"]),
    ])
  func sentences(_ source: String, _ expected: [String]) throws {
    #expect(try sentences(source) == Set(expected))
  }

  @Test("fills in rules, which may hold alternatives without brackets of their own")
  func rules() throws {
    let rules = [
      "the": "the|my", "lamp": "[<the>] lamp", "loop": "<loop>", "grow": "(<grow> <grow>|x)",
    ]
    #expect(
      try sentences("dim <lamp>", rules: rules) == ["dim lamp", "dim the lamp", "dim my lamp"])
    #expect(try sentences("<nothing>", rules: rules).isEmpty)
    #expect(try sentences("{nothing}", rules: rules).isEmpty)
  }

  @Test(
    "ends, however often rules contain themselves", .timeLimit(.minutes(60)),
    arguments: [
      "<loop>", "<double>", "<grow>",
    ])
  func endless(_ source: String) throws {
    let rules = [
      "loop": "a <loop>", "double": "<double> <double>", "grow": "(<grow> <grow> <grow>|x)",
    ]
    let found = try sentences(source, rules: rules)
    #expect(source == "<grow>" ? found.contains("x") : found.isEmpty)
  }

  @Test("costs no more for having more sentences than can be counted", .timeLimit(.minutes(60)))
  func many() throws {
    let source = String(repeating: "(a|b|c|d|e|f|g|h)[ ]", count: 200)
    let template = try Template(source)
    var generator = StableGenerator(seed: 2)
    let sentences = TemplateSampler().sentences(template, limit: 5, &generator) { _ in true }
    #expect(sentences.count == 5)
  }

  @Test("Sentences are the same for the same seed, and new ones only are taken")
  func seeds() throws {
    let template = try Template("(a|b|c|d|e|f) (1|2|3|4|5|6)")
    func draw(_ seed: UInt64) -> [String] {
      var generator = StableGenerator(seed: seed)
      var seen: Set<String> = []
      return TemplateSampler().sentences(template, limit: 6, &generator) {
        seen.insert($0).inserted
      }
    }
    #expect(draw(1) == draw(1))
    #expect(draw(1) != draw(2))
    #expect(Set(draw(1)).count == draw(1).count)
  }

  @Test(
    "says what is wrong with a template, and where",
    arguments: [
      ("(a", "never closed by ')', at character 1 "),
      ("a [b|c", "never closed by ']', at character 3 "),
      ("{a", "never closed by '}', at character 1 "), ("a)", "closes nothing, at character 2 "),
      ("(a]", "a ']' closes nothing"), ("a>", "a '>' closes nothing"),
      ("(a|b;c)", "both '|' and ';'"),
      ("{}", "a name is empty"), ("{:slot}", "a name is empty"), ("<>", "a name is empty"),
      ("a\\", "escapes nothing"),
    ])
  func malformed(_ source: String, _ words: String) {
    let error = #expect(throws: CorpusError.self) { try Template(source) }
    #expect(error?.code == .template)
    #expect(error?.message.contains(words) == true, "\(String(describing: error))")
  }
}
