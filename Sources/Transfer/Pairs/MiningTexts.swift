// SPDX-License-Identifier: Apache-2.0

import Corpora
import WordVectors

/// One side of what is mined: texts that differ from each other, and the lines that they stand in.
public struct MiningTexts: Sendable {
  /// What errors call the file.
  public let name: String
  /// The language, where it is known.
  public let language: String?
  /// The texts, each once, in the order of their first lines.
  public private(set) var texts: [String] = []
  /// The line of each text, from 1: the first where it comes more than once.
  public private(set) var lines: [Int] = []
  /// The record of each text, from 0, where vectors of all records are at hand.
  public private(set) var records: [Int] = []
  /// How many records the file has, whatever becomes of them.
  public private(set) var recordCount = 0
  /// Lines without text.
  public private(set) var blankCount = 0
  /// Lines whose text came before.
  public private(set) var repeatedCount = 0
  /// The text of each line, by its place among ``texts``; below 0 for lines that have none.
  private var places: [Int32] = []

  /// Reads a file's texts, which are trimmed.
  ///
  /// - Throws: `CorpusError` where the file cannot be read or has no text.
  public init(_ reader: RecordReader, language: String?) throws(CorpusError) {
    name = reader.name
    self.language = language
    var known: [String: Int32] = [:]
    while let record = try reader.next() {
      defer { recordCount += 1 }
      let text = record.texts.first.map { String(decoding: $0, as: UTF8.self).trimmed } ?? ""
      while places.count < record.number { places.append(-1) }
      guard !text.isEmpty else {
        blankCount += 1
        continue
      }
      if let place = known[text] {
        repeatedCount += 1
        places[record.number - 1] = place
        continue
      }
      let place = Int32(texts.count)
      known[text] = place
      places[record.number - 1] = place
      texts.append(text)
      lines.append(record.number)
      records.append(recordCount)
    }
    guard !texts.isEmpty else {
      throw CorpusError(.format, "the file has no text", expected: "a text a line", at: name)
    }
  }

  /// The place among ``texts`` of a line's text; nil where the line has none that takes part.
  ///
  /// - Throws: `CorpusError` where the file has no such line.
  func place(ofLine line: Int, at gold: String, _ number: Int) throws(CorpusError) -> Int? {
    guard places.indices.contains(line - 1) else {
      throw CorpusError(
        .format, "there is no line \(line) in \(name)", expected: "1 to \(places.count)",
        found: "\(line)", hint: "name the lines of the files that are mined", at: gold, line: number
      )
    }
    return places[line - 1] < 0 ? nil : Int(places[line - 1])
  }

  /// Leaves out what stands on both sides, word for word, for it is no translation; returns how many texts that were.
  public static func removeCopies(_ source: inout MiningTexts, _ target: inout MiningTexts) -> Int {
    let copies = Set(source.texts).intersection(target.texts)
    guard !copies.isEmpty else { return 0 }
    source.remove(copies)
    target.remove(copies)
    return copies.count
  }

  private mutating func remove(_ copies: Set<String>) {
    var moved = [Int32](repeating: -1, count: texts.count)
    var kept: [Int] = []
    for (place, text) in texts.enumerated() where !copies.contains(text) {
      moved[place] = Int32(kept.count)
      kept.append(place)
    }
    for line in places.indices where places[line] >= 0 { places[line] = moved[Int(places[line])] }
    texts = kept.map { texts[$0] }
    lines = kept.map { lines[$0] }
    records = kept.map { records[$0] }
  }
}

extension String {
  /// Without white space at either end.
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace ?? false { text.removeFirst() }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}
