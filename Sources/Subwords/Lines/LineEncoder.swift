// SPDX-License-Identifier: Apache-2.0

/// Turns lines of text into lines of ids, pieces or offsets: one out for each one in.
///
/// It holds no state between lines, so any number of threads may share one.
public struct LineEncoder: Sendable {
  /// What is asked of it.
  public struct Options: Sendable, Equatable {
    /// What is written; ids.
    public var format = LineFormat.ids
    /// What offsets count; bytes.
    public var unit = OffsetUnit.utf8
    /// The greatest number of tokens of a line, special tokens included; nil for any.
    public var maximumLength: Int?
    /// Whether a line holds two texts with a tab between them; false.
    public var isPair = false
    /// Whether the tokenizer's template puts special tokens around; false.
    public var addsSpecialTokens = false
    /// Whether special tokens that stand literally in the text become their ids; true, as in the references.
    public var recognizesSpecialTokens = true
    /// How a line is cut; the best way.
    ///
    /// Several ways stand in one line with tabs between them.
    public var segmentation = Segmentation.best

    /// The defaults.
    public init() {}
  }

  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// What is asked.
  public let options: Options
  private let spelling: PieceSpelling
  private let truncation: Truncation?
  /// The digits of all ids, where ids are all that is asked for.
  let digits: DecimalIDs?

  /// An encoder.
  ///
  /// - Throws: ``SubwordError/Code/invalidArgument`` where the maximum length leaves no room for the special
  ///   tokens, or where several ways are asked for together with pairs, offsets or a maximum length.
  public init(_ tokenizer: Tokenizer, _ options: Options) throws(SubwordError) {
    self.tokenizer = tokenizer
    self.options = options
    var escapes = PieceSpelling(for: tokenizer).escapes
    if case .nBest(let count) = options.segmentation {
      guard count > 0, !options.isPair, options.maximumLength == nil, options.format != .offsets
      else {
        throw SubwordError(
          .invalidArgument,
          "expected one text a line, any length and ids or pieces where several ways to cut it are asked for"
        )
      }
      // A tab parts the ways, so it cannot stand in a piece as it is.
      escapes = true
    }
    spelling = PieceSpelling(escapes: escapes)
    truncation = options.maximumLength.map { Truncation(maximumLength: $0) }
    digits =
      options.format == .ids && options.segmentation == .best && !options.isPair
      && options.maximumLength == nil ? DecimalIDs(count: tokenizer.vocabularySize) : nil
    let added =
      options.addsSpecialTokens
      ? tokenizer.configuration.postProcessor.addedCount(isPair: options.isPair) : 0
    if let length = options.maximumLength, length < max(1, added) {
      throw SubwordError(
        .invalidArgument,
        "expected a maximum length of at least \(max(1, added)), room for the special tokens, found \(length)"
      )
    }
  }

  /// Appends a line's tokens and a line feed to `output`.
  ///
  /// - Throws: ``SubwordError/Code/malformed`` where a pair has not exactly one tab.
  public func append(_ line: String, to output: inout [UInt8]) throws(SubwordError) {
    if case .nBest(let count) = options.segmentation {
      try appendBest(line, count, to: &output)
    } else if options.format == .ids, !options.isPair, options.maximumLength == nil {
      let ids = tokenizer.ids(
        of: line, addsSpecialTokens: options.addsSpecialTokens,
        recognizesSpecialTokens: options.recognizesSpecialTokens)
      append(ids, to: &output)
    } else {
      append(try encoding(of: line), to: &output)
    }
    output.append(UInt8(ascii: "\n"))
  }

  private func encoding(of line: String) throws(SubwordError) -> Encoding {
    var texts = [line]
    if options.isPair {
      texts = line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard texts.count == 2 else {
        throw SubwordError(
          .malformed, "expected two texts with one tab between them, found \(texts.count - 1) tabs")
      }
    }
    return try tokenizer.encode(
      texts[0], pair: options.isPair ? texts[1] : nil,
      addsSpecialTokens: options.addsSpecialTokens,
      recognizesSpecialTokens: options.recognizesSpecialTokens,
      truncation: truncation ?? Self.anyLength, padding: Self.noPadding, unit: options.unit)
  }

  /// What a tokenizer's file says of lengths concerns a model's input, not lines of text.
  private static let anyLength = Truncation(maximumLength: .max)
  private static let noPadding = Padding(target: .longest, id: 0)

  private func append(_ encoding: Encoding, to output: inout [UInt8]) {
    switch options.format {
    case .ids: append(encoding.ids, to: &output)
    case .pieces: append(encoding.pieces, to: &output)
    case .offsets:
      output.append(list: encoding.tokens, separator: " ") { token, output in
        output.append(decimal: token.offsets.lowerBound)
        output.append(UInt8(ascii: ":"))
        output.append(decimal: token.offsets.upperBound)
      }
    case .json:
      appendObject(encoding.ids, encoding.pieces, to: &output) { output in
        output += "\"offsets\":[".utf8
        output.append(list: encoding.tokens, separator: ",") { token, output in
          output.append(UInt8(ascii: "["))
          output.append(decimal: token.offsets.lowerBound)
          output.append(UInt8(ascii: ","))
          output.append(decimal: token.offsets.upperBound)
          output.append(UInt8(ascii: "]"))
        }
        output += "]".utf8
      }
    }
  }

  private func append(_ ids: [Int32], to output: inout [UInt8]) {
    output.append(list: ids, separator: " ") { $1.append(decimal: Int($0)) }
  }

  private func append(_ pieces: [String], to output: inout [UInt8]) {
    output.append(list: pieces, separator: " ") { spelling.append($0, to: &$1) }
  }
}

extension LineEncoder {
  private func appendBest(
    _ line: String, _ count: Int, to output: inout [UInt8]
  ) throws(SubwordError) {
    let ways = try tokenizer.bestSegmentations(of: line, count: count).map { way in
      (ids: around(way.ids), score: way.score)
    }
    if options.format == .json {
      output += "{\"best\":[".utf8
      output.append(list: ways, separator: ",") { way, output in
        appendObject(way.ids, pieces(of: way.ids), to: &output) { output in
          output += "\"score\":\(way.score)".utf8
        }
      }
      output += "]}".utf8
      return
    }
    output.append(list: ways, separator: "\t") { way, output in
      if options.format == .ids {
        append(way.ids, to: &output)
      } else {
        append(pieces(of: way.ids), to: &output)
      }
    }
  }

  /// With the template's tokens for one text, where they are wanted.
  private func around(_ ids: [Int32]) -> [Int32] {
    guard options.addsSpecialTokens else { return ids }
    return tokenizer.configuration.postProcessor.single.flatMap { part -> [Int32] in
      if case .special(let special, _, _) = part { special } else { ids }
    }
  }

  private func pieces(of ids: [Int32]) -> [String] { ids.map { tokenizer.piece(of: $0) ?? "" } }

  private func appendObject(
    _ ids: [Int32], _ pieces: [String], to output: inout [UInt8],
    _ member: (inout [UInt8]) -> Void
  ) {
    output += "{\"ids\":[".utf8
    output.append(list: ids, separator: ",") { $1.append(decimal: Int($0)) }
    output += "],\"pieces\":[".utf8
    output.append(list: pieces, separator: ",") { $1 += JSONValue.string($0).serialized }
    output += "],".utf8
    member(&output)
    output += ",\"tokens\":\(ids.count)}".utf8
  }
}

extension [UInt8] {
  /// Appends elements with a separator between them.
  fileprivate mutating func append<Item>(
    list: [Item], separator: Unicode.Scalar, _ write: (Item, inout [UInt8]) -> Void
  ) {
    for (index, element) in list.enumerated() {
      if index > 0 { append(UInt8(ascii: separator)) }
      write(element, &self)
    }
  }

  /// Appends a whole number, not below zero, in decimal digits.
  fileprivate mutating func append(decimal number: Int) {
    guard number > 9 else {
      append(UInt8(ascii: "0") + UInt8(clamping: number))
      return
    }
    let start = count
    var rest = number
    while rest > 0 {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    self[start...].reverse()
  }
}
