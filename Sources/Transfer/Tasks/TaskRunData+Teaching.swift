// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Metrics
import Tasks
import Training

extension TaskRunData {
  /// The other languages that are measured.
  var others: [String] { test.map(\.language).filter { $0 != recipe.source } }

  /// What a method learns from: the source's examples, and what its teaching adds.
  ///
  /// - Parameters:
  ///   - seed: draws shots, examples to switch, and translations.
  ///   - log: is told what was added.
  /// - Throws: `RecipeError` and `CorpusError`, where examples of another language are asked for and are not there.
  func examples(
    _ teaching: TaskTeaching, seed: UInt64, log: (String) -> Void
  ) throws -> [LabelledExample<Task.Input, Task.Gold>] {
    var result = train
    for language in teaching.sources { result += try training(language).map(\.example) }
    if teaching.shots > 0 {
      for language in others where !teaching.sources.contains(language) {
        result += draw(teaching.shots, of: try training(language).map(\.example), language, seed)
      }
    }
    if result.count > train.count {
      log("\(result.count - train.count) examples of other languages")
    }
    if let switching = teaching.codeSwitching {
      let switched = try examples(switching, seed: seed)
      log("\(switched.count) examples in other languages' words")
      result += switched
    }
    return result
  }

  /// A hash of each file that a teaching reads, by what it is.
  func inputs(_ teaching: TaskTeaching) throws -> [String: String] {
    var result: [String: String] = [:]
    for language in Set(teaching.sources + (teaching.shots > 0 ? others : [])) {
      result["train.\(language)"] = try FileDigest.sha256(of: trainingFile(language))
    }
    if let switching = teaching.codeSwitching {
      result.merge(try switching.inputs(among: others)) { first, _ in first }
    }
    return result
  }

  /// The source's examples in the words of each language; those of which no word was replaced are left out.
  private func examples(
    _ switching: CodeSwitchSection, seed: UInt64
  ) throws -> [LabelledExample<Task.Input, Task.Gold>] {
    var result: [LabelledExample<Task.Input, Task.Gold>] = []
    try switching.forEachDrawing(of: train, among: others, seed: seed) { _, example, switched in
      var replaced = 0
      let rewritten = Task.rewritten(example) { text in
        let drawn = switched(text)
        replaced += drawn.replaced
        return drawn.text
      }
      if replaced > 0 { result.append(rewritten) }
    }
    return result
  }

  /// Texts of the source's examples with what dictionaries make of them; those of which no word was replaced are left out.
  func pairs(
    _ switching: CodeSwitchSection, seed: UInt64
  ) throws -> [AlignmentPair] {
    var pairs: [AlignmentPair] = []
    try switching.forEachDrawing(of: train, among: others, seed: seed) {
      language, example, switched in
      var texts: [(own: String, other: String)] = []
      var replaced: [Int] = []
      _ = Task.rewritten(example) { text in
        let drawn = switched(text)
        texts.append((text, drawn.text))
        replaced.append(drawn.replaced)
        return drawn.text
      }
      // Words that are tagged are put in other words one by one, and belong to one sentence.
      if Task.rewritesWords {
        texts = [
          (
            texts.map(\.own).joined(separator: " "), texts.map(\.other).joined(separator: " ")
          )
        ]
        replaced = [replaced.reduce(0, +)]
      }
      for (text, count) in zip(texts, replaced) where count > 0 {
        pairs.append(AlignmentPair(text.own, text.other, language: language))
      }
    }
    return pairs
  }

  /// So many examples of each class, drawn without regard to their order; all of a class that has fewer.
  private func draw(
    _ count: Int, of examples: [LabelledExample<Task.Input, Task.Gold>], _ language: String,
    _ seed: UInt64
  ) -> [LabelledExample<Task.Input, Task.Gold>] {
    let stream = language.utf8.reduce(UInt64(0)) { $0 &* 257 &+ UInt64($1) }
    var generator = SeededGenerator(seed: seed, stream: stream)
    var taken: [String: Int] = [:]
    let drawn = examples.indices.shuffled(using: &generator).filter { index in
      let stratum = Task.stratum(of: examples[index].gold) ?? ""
      taken[stratum, default: 0] += 1
      return taken[stratum, default: 0] <= count
    }
    return drawn.sorted().map { examples[$0] }
  }
}
