// SPDX-License-Identifier: Apache-2.0

extension LineEncoder {
  func appendBest(
    _ line: String, _ count: Int, to output: inout [UInt8]
  ) throws(SubwordError) {
    let ways = try tokenizer.bestSegmentations(
      of: line, count: count, recognizesSpecialTokens: options.recognizesSpecialTokens
    ).map { way in
      (ids: around(way.ids), score: way.score)
    }
    guard options.format == .json else {
      output.append(list: ways, separator: "\t") { append(way: $0.ids, to: &$1) }
      return
    }
    output += "{\"best\":[".utf8
    output.append(list: ways, separator: ",") { way, output in
      appendObject(way.ids, pieces(of: way.ids), to: &output) { output in
        output += "\"score\":\(way.score),".utf8
      }
    }
    output += "]}".utf8
  }

  private func append(way ids: [Int32], to output: inout [UInt8]) {
    if options.format == .ids {
      append(ids, to: &output)
    } else {
      append(pieces(of: ids), to: &output)
    }
  }

  /// Appends ways that are drawn one after another.
  func appendSamples(
    _ line: String, _ sampling: Sampling, _ count: Int, _ generator: inout SampleGenerator,
    to output: inout [UInt8]
  ) throws(SubwordError) {
    guard
      count > 1 || options.format == .ids && !options.isPair && options.maximumLength == nil
    else {
      let (text, pair) = try texts(of: line)
      append(
        try tokenizer.sample(
          text, pair: pair, by: sampling, addsSpecialTokens: options.addsSpecialTokens,
          recognizesSpecialTokens: options.recognizesSpecialTokens,
          truncation: truncation ?? Self.anyLength, padding: Self.noPadding, unit: options.unit,
          using: &generator),
        to: &output)
      return
    }
    var ways: [[Int32]] = []
    for _ in 0..<count {
      ways.append(
        try tokenizer.sampledIDs(
          of: line, by: sampling, addsSpecialTokens: options.addsSpecialTokens,
          recognizesSpecialTokens: options.recognizesSpecialTokens, using: &generator))
    }
    guard options.format == .json else {
      output.append(list: ways, separator: "\t") { append(way: $0, to: &$1) }
      return
    }
    output += "{\"samples\":[".utf8
    output.append(list: ways, separator: ",") { ids, output in
      appendObject(ids, pieces(of: ids), to: &output) { _ in }
    }
    output += "]}".utf8
  }

  /// With the template's tokens for one text, where they are wanted.
  private func around(_ ids: [Int32]) -> [Int32] {
    guard options.addsSpecialTokens else { return ids }
    return tokenizer.configuration.postProcessor.single.flatMap { part -> [Int32] in
      if case .special(let special, _, _) = part { special } else { ids }
    }
  }

  private func pieces(of ids: [Int32]) -> [String] { ids.map { tokenizer.piece(of: $0) ?? "" } }

  func appendObject(
    _ ids: [Int32], _ pieces: [String], to output: inout [UInt8],
    _ member: (inout [UInt8]) -> Void
  ) {
    output += "{\"ids\":[".utf8
    output.append(list: ids, separator: ",") { $1.append(decimal: Int($0)) }
    output += "],\"pieces\":[".utf8
    output.append(list: pieces, separator: ",") { $1 += JSONValue.string($0).serialized }
    output += "],".utf8
    member(&output)
    output += "\"tokens\":\(ids.count)}".utf8
  }
}
