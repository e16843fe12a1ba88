// SPDX-License-Identifier: Apache-2.0

import Subwords
import Transformers

/// What masking has to know of a tokenizer's pieces.
public struct MaskingVocabulary: Sendable {
  /// The piece that stands in the place of hidden ones.
  public let mask: Int32
  /// So many tokens in front of every row are never hidden, as those of a prefix that all rows have.
  public let frontLength: Int
  private let specials: Set<Int32>
  private let continuing: Set<Int32>
  private let choices: [Int32]

  /// What is true of the pieces that occur in some rows.
  ///
  /// - Parameters:
  ///   - tokenizer: the tokenizer.
  ///   - rows: rows of its ids; what stands at random in the place of a hidden piece is a piece of theirs.
  ///   - frontLength: so many tokens in front of every row are never hidden; 0 by default.
  ///   - wholeWords: whether it must be known where words begin; false by default.
  /// - Throws: `TrainingError` for a tokenizer without a mask, or whose pieces do not say where words begin, and where no row has
  ///   anything to hide.
  public init(
    _ tokenizer: Tokenizer, _ rows: [[Int32]], frontLength: Int = 0, wholeWords: Bool = false
  ) throws(TrainingError) {
    guard let mask = tokenizer.maskID else {
      throw TrainingError(
        .plan,
        "the tokenizer has no mask token, '<mask>' or '[MASK]', which guessing hidden words needs; take a base whose "
          + "tokenizer has one")
    }
    self.mask = mask
    self.frontLength = frontLength
    let occurring = PieceSubset(in: rows).ids
    var specials: Set<Int32> = [mask]
    specials.formUnion(
      [tokenizer.padID, tokenizer.beginID, tokenizer.endID, tokenizer.unknownID].compactMap(\.self))
    specials.formUnion(occurring.filter(tokenizer.isSpecial))
    self.specials = specials
    choices = occurring.filter { !specials.contains($0) }
    guard !choices.isEmpty else {
      throw TrainingError(
        .plan,
        "expected text with pieces that can be hidden, found \(rows.count) rows of special tokens alone; is the text in "
          + "a script that the base's tokenizer knows?")
    }
    continuing = wholeWords ? try Self.continuing(tokenizer, choices) : []
  }

  /// Whether a token may be hidden.
  func mayHide(_ id: Int32, at place: Int) -> Bool {
    place >= frontLength && !specials.contains(id)
  }

  /// Whether a row has anything to hide.
  func hasTarget(_ row: [Int32]) -> Bool {
    row.indices.contains { mayHide(row[$0], at: $0) }
  }

  /// Whether a piece goes on with the word before it.
  func continuesWord(_ id: Int32) -> Bool { continuing.contains(id) }

  /// Any piece that is not special.
  func random(using generator: inout some RandomNumberGenerator) -> Int32 {
    choices[Int.random(in: 0..<choices.count, using: &generator)]
  }

  /// The pieces that do not begin a word, as their spelling says it: "##" goes on, "▁" and "Ġ" begin.
  private static func continuing(
    _ tokenizer: Tokenizer, _ ids: [Int32]
  ) throws(TrainingError) -> Set<Int32> {
    let spellings = ids.map { Array((tokenizer.piece(of: $0) ?? "").utf8) }
    func marked(by mark: String) -> [Bool] {
      let mark = Array(mark.utf8)
      return spellings.map { $0.starts(with: mark) }
    }
    if case .wordPiece(let model) = tokenizer.configuration.model {
      return Set(zip(ids, marked(by: model.continuingPrefix)).filter(\.1).map(\.0))
    }
    if case .wordLevel = tokenizer.configuration.model { return [] }
    for mark in ["▁", "Ġ"] {
      let begins = marked(by: mark)
      if begins.contains(true) { return Set(zip(ids, begins).filter { !$0.1 }.map(\.0)) }
    }
    throw TrainingError(
      .plan,
      "whole words cannot be hidden: none of the text's pieces says where a word begins ('▁', 'Ġ' or '##'); hide pieces "
        + "by themselves")
  }
}
