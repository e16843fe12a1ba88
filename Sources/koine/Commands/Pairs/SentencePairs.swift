// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Foundation

/// Sentence pairs out of files, cut into words at spaces.
enum SentencePairs {
  typealias Pair = (source: [String], target: [String])

  /// The pairs of one file of `source ||| target`, or of two files.
  static func read(pairs: String?, source: String?, target: String?) throws -> [Pair] {
    if let pairs { return try read(pairs) }
    guard let source, let target else { return [] }
    let (first, second) = (try TextLines(source).open(), try TextLines(target).open())
    var result: [Pair] = []
    while true {
      let (left, right) = (try first.next(), try second.next())
      guard let left, let right else {
        guard left == nil, right == nil else {
          throw CorpusError(
            .format, "the files have different numbers of lines", expected: "as many in \(source)",
            found: "\(result.count) in the shorter", at: target)
        }
        return result
      }
      result.append((words(left), words(right)))
    }
  }

  private static func read(_ path: String) throws -> [Pair] {
    var result: [Pair] = []
    try TextLines(path).forEach { line, number in
      let sides = line.components(separatedBy: "|||")
      guard sides.count == 2 else {
        throw CorpusError(
          .format, "the line is no sentence pair", expected: "source ||| target",
          found: "\(sides.count - 1) separators", at: path, line: number)
      }
      result.append((words(sides[0]), words(sides[1])))
    }
    return result
  }

  /// The reference of each pair, whose links must be within it.
  static func references(_ path: String, for pairs: [Pair]) throws -> [ReferenceAlignment] {
    var result: [ReferenceAlignment] = []
    try TextLines(path).forEach { line, number in
      do {
        let reference = try ReferenceAlignment(pharaoh: line)
        if pairs.indices.contains(number - 1) {
          let pair = pairs[number - 1]
          if let link = reference.possible.sorted().first(where: {
            $0.source >= pair.source.count || $0.target >= pair.target.count
          }) {
            throw AlignmentError(
              .data,
              "the link \(link.source)-\(link.target) is outside its pair of \(pair.source.count) and \(pair.target.count) words; places count from 0"
            )
          }
        }
        result.append(reference)
      } catch var error as AlignmentError {
        error.location = "\(path):\(number)"
        throw error
      }
    }
    guard result.count == pairs.count else {
      throw AlignmentError(
        .data, "expected a line of links for each of \(pairs.count) pairs, found \(result.count)",
        at: path)
    }
    return result
  }

  private static func words(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
