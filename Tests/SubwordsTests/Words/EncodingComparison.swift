// SPDX-License-Identifier: Apache-2.0

@testable import Subwords

/// The fast ways to ids against the one that has offsets.
struct EncodingComparison {
  let tokenizer: Tokenizer
  var recognizesSpecialTokens = true

  /// The lines for which a fast way gives other ids than `encode`, with the ways' names; empty if none does.
  ///
  /// The lines have no line feed. Each is encoded twice, so that words in memory are met again.
  func differences(_ lines: [String]) throws -> [String] {
    let expected = try lines.map {
      try tokenizer.encode(
        $0, addsSpecialTokens: false, recognizesSpecialTokens: recognizesSpecialTokens,
        truncation: Truncation(maximumLength: .max)
      ).ids
    }
    var found = [String]()
    func note(_ line: Int, _ way: String) {
      found.append("\(way): \(lines[line].debugDescription)")
    }
    for pass in 1...2 {
      for (number, line) in lines.enumerated() {
        let ids = tokenizer.ids(
          of: line, addsSpecialTokens: false, recognizesSpecialTokens: recognizesSpecialTokens)
        if ids != expected[number] { note(number, "ids \(pass)") }
      }
    }
    let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
    for threads in 1...2 {
      let all = tokenizer.encodeLines(
        bytes, addsSpecialTokens: false, recognizesSpecialTokens: recognizesSpecialTokens,
        threads: threads)
      guard all.count == lines.count else {
        found.append("\(all.count) lines of \(lines.count)")
        continue
      }
      for number in lines.indices where Array(all[number]) != expected[number] {
        note(number, "lines \(threads)")
      }
    }
    return found
  }
}
