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
  let truncation: Truncation?
  /// The digits of all ids, where ids are all that is asked for.
  let digits: DecimalIDs?

  /// An encoder.
  ///
  /// - Throws: ``SubwordError/Code/invalidArgument`` where the maximum length leaves no room for the special
  ///   tokens, or where several ways are asked for together with pairs, offsets or a maximum length;
  ///   ``SubwordError/Code/unsupported`` where the model cannot be sampled as asked.
  public init(_ tokenizer: Tokenizer, _ options: Options) throws(SubwordError) {
    self.tokenizer = tokenizer
    self.options = options
    var escapes = PieceSpelling(for: tokenizer).escapes
    if case .sampled(let sampling, _, _) = options.segmentation {
      try sampling.check(for: tokenizer.configuration.model)
    }
    guard options.segmentation.count > 0 else {
      throw SubwordError(.invalidArgument, "expected at least one way to cut a line, found none")
    }
    if options.segmentation.isList {
      guard !options.isPair, options.maximumLength == nil, options.format != .offsets
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
  /// - Parameters:
  ///   - line: the line.
  ///   - number: its number among all lines, which a sample is drawn by; it means nothing otherwise.
  ///   - output: what is appended to.
  /// - Throws: ``SubwordError/Code/malformed`` where a pair has not exactly one tab.
  public func append(
    _ line: String, number: Int = 1, to output: inout [UInt8]
  ) throws(SubwordError) {
    if case .nBest(let count) = options.segmentation {
      try appendBest(line, count, to: &output)
    } else if case .sampled(let sampling, let count, let seed) = options.segmentation {
      var generator = SampleGenerator(seed: seed, stream: UInt64(bitPattern: Int64(number)))
      try appendSamples(line, sampling, count, &generator, to: &output)
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
    let (text, pair) = try texts(of: line)
    return try tokenizer.encode(
      text, pair: pair, addsSpecialTokens: options.addsSpecialTokens,
      recognizesSpecialTokens: options.recognizesSpecialTokens,
      truncation: truncation ?? Self.anyLength, padding: Self.noPadding, unit: options.unit)
  }

  func texts(of line: String) throws(SubwordError) -> (String, String?) {
    var texts = [line]
    if options.isPair {
      texts = line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard texts.count == 2 else {
        throw SubwordError(
          .malformed, "expected two texts with one tab between them, found \(texts.count - 1) tabs")
      }
    }
    return (texts[0], options.isPair ? texts[1] : nil)
  }

  /// What a tokenizer's file says of lengths concerns a model's input, not lines of text.
  static let anyLength = Truncation(maximumLength: .max)
  static let noPadding = Padding(target: .longest, id: 0)

  func append(_ encoding: Encoding, to output: inout [UInt8]) {
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
        output += "],".utf8
      }
    }
  }

  func append(_ ids: [Int32], to output: inout [UInt8]) {
    output.append(list: ids, separator: " ") { $1.append(decimal: Int($0)) }
  }

  func append(_ pieces: [String], to output: inout [UInt8]) {
    output.append(list: pieces, separator: " ") { spelling.append($0, to: &$1) }
  }
}
