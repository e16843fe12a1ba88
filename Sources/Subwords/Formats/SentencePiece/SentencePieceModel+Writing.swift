// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SentencePieceModel {
  /// The model as a file of SentencePiece: the same contents give the same bytes.
  public var serialized: [UInt8] {
    var writer = ProtobufWriter()
    for index in pieces.indices {
      var piece = ProtobufWriter()
      piece.string(1, pieces[index])
      piece.float(2, scores[index])
      if kinds[index] != .normal { piece.integer(3, Int(kinds[index].rawValue)) }
      writer.data(1, piece.bytes)
    }
    writer.data(2, trainer.serialized)
    var rules = ProtobufWriter()
    rules.string(1, normalizerName)
    rules.data(2, normalizer.map.blob)
    rules.flag(3, normalizer.addsDummyPrefix)
    rules.flag(4, normalizer.removesExtraWhitespaces)
    rules.flag(5, normalizer.escapesWhitespaces)
    writer.data(3, rules.bytes)
    if !selfTests.isEmpty {
      var tests = ProtobufWriter()
      for test in selfTests {
        var sample = ProtobufWriter()
        sample.string(1, test.input)
        sample.string(2, test.expected)
        tests.data(1, sample.bytes)
      }
      writer.data(4, tests.bytes)
    }
    return writer.bytes
  }

  /// Writes the `.model` file, beside it first and then in its place.
  public func write(to url: URL) throws(SubwordError) { try OutputFile.write(serialized, to: url) }

  /// The `.vocab` table: in each line a piece, a tab and its score.
  public var vocabularyTable: [UInt8] {
    var lines = [UInt8]()
    for (piece, score) in zip(pieces, scores) {
      lines += piece.utf8
      lines.append(UInt8(ascii: "\t"))
      lines += OutputFile.shortest(score).utf8
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }

  /// Writes the `.vocab` table.
  ///
  /// Throws ``SubwordError/Code/unsupported`` if a piece holds a line feed, which the table cannot.
  public func writeVocabulary(to url: URL) throws(SubwordError) {
    if let index = pieces.firstIndex(where: { $0.utf8.contains(0x0A) }) {
      throw SubwordError(
        .unsupported, "expected pieces without a line feed in a .vocab file, found piece \(index)")
    }
    try OutputFile.write(vocabularyTable, to: url)
  }
}
