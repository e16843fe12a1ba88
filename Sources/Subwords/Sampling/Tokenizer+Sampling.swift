// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// Encodes a text or a pair, cut in a way that is drawn at random.
  ///
  /// Where a pre-tokeniser or an added token cuts the text, each stretch is drawn by itself. Other parameters are those of
  /// ``encode(_:pair:addsSpecialTokens:recognizesSpecialTokens:truncation:padding:unit:)``.
  ///
  /// - Parameters:
  ///   - text: the first or only text.
  ///   - sampling: what is drawn from.
  ///   - generator: where chance comes from; the same numbers give the same pieces.
  /// - Throws: ``SubwordError/Code/unsupported`` where the model is of another kind than the sampling, and
  ///   ``SubwordError/Code/invalidArgument`` if a number is out of its range or a truncation cannot be kept.
  public func sample(
    _ text: String, pair: String? = nil, by sampling: Sampling, addsSpecialTokens: Bool = true,
    recognizesSpecialTokens: Bool = true, truncation: Truncation? = nil, padding: Padding? = nil,
    unit: OffsetUnit = .utf8, using generator: inout some RandomNumberGenerator
  ) throws(SubwordError) -> Encoding {
    try sampling.check(for: configuration.model)
    let tokenizer = tokenizer(recognizingSpecial: recognizesSpecialTokens)
    var cutter = SampleCutter(
      model: tokenizer.configuration.model, sampling: sampling, generator: generator)
    defer { generator = cutter.generator }
    return try tokenizer.encode(
      text, pair, addsSpecialTokens, recognizesSpecialTokens, truncation, padding, unit, &cutter)
  }

  /// The ids of a text that is cut in a way drawn at random: the fast way, without offsets and pieces.
  ///
  /// The same numbers give the same ids as
  /// ``sample(_:pair:by:addsSpecialTokens:recognizesSpecialTokens:truncation:padding:unit:using:)``.
  public func sampledIDs(
    of text: String, by sampling: Sampling, addsSpecialTokens: Bool = true,
    recognizesSpecialTokens: Bool = true, using generator: inout some RandomNumberGenerator
  ) throws(SubwordError) -> [Int32] {
    try sampling.check(for: configuration.model)
    let tokenizer = tokenizer(recognizingSpecial: recognizesSpecialTokens)
    var cutter = SampleCutter(
      model: tokenizer.configuration.model, sampling: sampling, generator: generator)
    defer { generator = cutter.generator }
    return tokenizer.withScratch { scratch in
      tokenizer.sampledIDs(of: text, addsSpecialTokens, recognizesSpecialTokens, &cutter, &scratch)
    }
  }

  private func sampledIDs(
    of text: String, _ addsSpecialTokens: Bool, _ recognizesSpecial: Bool,
    _ cutter: inout some StretchCutter, _ scratch: inout ModelScratch
  ) -> [Int32] {
    var sink = IDSink()
    if sentencePiece != nil, case .sentencePiece(let normalizer) = configuration.normalizer {
      var text = text
      scratch.normal.removeAll()
      text.withUTF8 { normalizer.append($0, to: scratch.normal) }
      let bytes = scratch.normal.bytes
      cutter.cut(bytes, 0..<bytes.count, &scratch, into: &sink)
    } else {
      let words = preTokenize(text.utf8, isAligned: false, recognizesSpecial: recognizesSpecial)
      words.text.bytes.withUnsafeBufferPointer { bytes in
        for split in words.splits {
          if split.token < 0 {
            cutter.cut(bytes, split.range, &scratch, into: &sink)
          } else {
            sink.append(~split.token)
          }
        }
      }
    }
    // Added tokens have their ids already and are told by the sign.
    let ids = sink.ids.map { $0 < 0 ? ~$0 : configuration.publicID($0) }
    guard addsSpecialTokens, let affixes = configuration.postProcessor.affixes else { return ids }
    return affixes.prefix + ids + affixes.suffix
  }
}
