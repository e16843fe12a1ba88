// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// Encodes a text or a pair, with offsets and masks.
  ///
  /// - Parameters:
  ///   - text: the first or only text.
  ///   - pair: the second text.
  ///   - addsSpecialTokens: whether the template puts special tokens around.
  ///   - recognizesSpecialTokens: whether special tokens that stand literally in the text become
  ///     their ids, as in the references; turn it off for text that users write, which then never becomes one (the
  ///     references find it by the model where the model has it as a piece).
  ///   - truncation: how to cut; nil takes what the tokenizer's file says (usually nothing).
  ///   - padding: how to fill up; nil takes what the file says, if it names a fixed length.
  ///   - unit: what offsets count.
  /// - Throws: ``SubwordError/Code/invalidArgument`` if a truncation cannot be kept.
  public func encode(
    _ text: String, pair: String? = nil, addsSpecialTokens: Bool = true,
    recognizesSpecialTokens: Bool = true, truncation: Truncation? = nil, padding: Padding? = nil,
    unit: OffsetUnit = .utf8
  ) throws(SubwordError) -> Encoding {
    let tokenizer = tokenizer(recognizingSpecial: recognizesSpecialTokens)
    var cutter = BestCutter(model: tokenizer.configuration.model)
    return try tokenizer.encode(
      text, pair, addsSpecialTokens, recognizesSpecialTokens, truncation, padding, unit, &cutter)
  }

  func encode(
    _ text: String, _ pair: String?, _ addsSpecialTokens: Bool, _ recognizesSpecialTokens: Bool,
    _ truncation: Truncation?, _ padding: Padding?, _ unit: OffsetUnit,
    _ cutter: inout some StretchCutter
  ) throws(SubwordError) -> Encoding {
    var first = tokens(of: text, sequence: 0, recognizesSpecialTokens, unit, &cutter)
    var second: Encoding?
    if let pair { second = tokens(of: pair, sequence: 1, recognizesSpecialTokens, unit, &cutter) }
    let post = configuration.postProcessor
    for settings in post.trimmings {
      first.trimOffsets(settings)
      second?.trimOffsets(settings)
    }
    if let truncation = truncation ?? configuration.truncation {
      let added = addsSpecialTokens ? post.addedCount(isPair: pair != nil) : 0
      guard truncation.maximumLength >= added else {
        throw SubwordError(
          .invalidArgument,
          "expected a maximum length of at least the \(added) special tokens, "
            + "found \(truncation.maximumLength)")
      }
      try truncation.apply(to: &first, &second, room: truncation.maximumLength - added)
    }
    var result = Encoding([], unit: unit)
    for part in pair == nil ? post.single : post.pair {
      switch part {
      case .sequence(let index, let typeID):
        guard var sequence = index == 0 ? first : second else { continue }
        // Only the main window takes the template's type ids; the references leave the others.
        for token in sequence.tokens.indices { sequence.tokens[token].typeID = typeID }
        if post.typesWindows {
          for window in sequence.overflowing.indices {
            for token in sequence.overflowing[window].tokens.indices {
              sequence.overflowing[window].tokens[token].typeID = typeID
            }
          }
        }
        result.append(sequence)
      case .special(let ids, _, let typeID) where addsSpecialTokens:
        let inserted = ids.map {
          EncodedToken(inserted: $0, piece: piece(of: $0) ?? "", typeID: typeID)
        }
        result.append(Encoding(inserted, unit: unit))
      case .special: break
      }
    }
    if let padding = padding ?? configuration.padding, case .fixed(let length) = padding.target {
      result.pad(to: Self.roundUp(length, to: padding.multiple), padding)
    }
    return result
  }

  static func roundUp(_ length: Int, to multiple: Int) -> Int {
    multiple > 1 ? (length + multiple - 1) / multiple * multiple : length
  }

  func preTokenize(
    _ text: some Collection<UInt8>, isAligned: Bool, recognizesSpecial: Bool
  ) -> PreTokenizedText {
    let extracted = added.extract(
      from: AlignedText(text, origin: 0, isAligned: isAligned || needsAlignment),
      normalizer: configuration.normalizer, recognizesSpecial: recognizesSpecial)
    return configuration.preTokenizer?.apply(to: extracted) ?? extracted
  }

  private func tokens(
    of text: String, sequence: Int, _ recognizesSpecial: Bool, _ unit: OffsetUnit,
    _ cutter: inout some StretchCutter
  ) -> Encoding {
    let words = preTokenize(text.utf8, isAligned: true, recognizesSpecial: recognizesSpecial)
    let positions = unit == .utf8 ? [] : unit.positions(in: text)
    let offsets = { (range: Range<Int>) -> Range<Int> in
      let (start, end): (Int, Int)
      if range.isEmpty {
        let index = range.lowerBound
        let place = index < words.text.count ? words.text.starts[index] : words.text.ends.last
        start = Int(place ?? 0)
        end = start
      } else {
        let original = words.text.original(range)
        (start, end) = (Int(original.lowerBound), Int(original.upperBound))
      }
      return positions.isEmpty ? start..<end : positions[start]..<positions[end]
    }
    let model = configuration.model
    let pieces = model.pieces
    var result = [EncodedToken]()
    var scratch = ModelScratch()
    var sink = RangeSink()
    let showsText = model.showsUnknownText
    let unknown = model.unknownID
    words.text.bytes.withUnsafeBufferPointer { bytes in
      for (word, split) in words.splits.enumerated() {
        let append = { (id: Int32, range: Range<Int>, piece: String) in
          result.append(
            EncodedToken(
              id: id, piece: piece, offsets: offsets(range), wordID: word, sequenceID: sequence))
        }
        guard split.token < 0 else {
          append(split.token, split.range, String(decoding: bytes[split.range], as: UTF8.self))
          continue
        }
        sink.tokens.removeAll(keepingCapacity: true)
        cutter.cut(bytes, split.range, &scratch, into: &sink)
        for token in sink.tokens {
          let piece =
            showsText && token.id == unknown
            ? String(decoding: bytes[token.range], as: UTF8.self) : pieces[Int(token.id)]
          append(configuration.publicID(token.id), token.range, piece)
        }
      }
    }
    return Encoding(result, unit: unit)
  }
}
