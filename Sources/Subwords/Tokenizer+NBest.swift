// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// The `count` most probable segmentations of a text, the best first, without special tokens.
  ///
  /// `score` is the sum of the pieces' natural-log probabilities. The text must be one stretch for
  /// the model: where a pre-tokeniser or an added token cuts it, each cut is kept and only the
  /// parts vary, combined best first.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - count: how many.
  ///   - recognizesSpecialTokens: whether special tokens that stand literally in the text become their ids.
  /// - Throws: ``SubwordError/Code/unsupported`` if the model is no unigram model.
  public func bestSegmentations(
    of text: String, count: Int, recognizesSpecialTokens: Bool = true
  ) throws(SubwordError) -> [(ids: [Int32], score: Double)] {
    let tokenizer = tokenizer(recognizingSpecial: recognizesSpecialTokens)
    guard case .unigram(let model) = tokenizer.configuration.model else {
      throw SubwordError(
        .unsupported,
        "expected a unigram model for the best segmentations, found one of kind "
          + configuration.model.name)
    }
    let words = preTokenize(text.utf8, isAligned: false, recognizesSpecial: recognizesSpecialTokens)
    var best: [(ids: [Int32], score: Double)] = count > 0 ? [([], 0)] : []
    for split in words.splits {
      guard split.token < 0 else {
        for index in best.indices { best[index].ids.append(split.token) }
        continue
      }
      let bytes = Array(words.text.bytes[split.range])
      let parts = bytes.withUnsafeBufferPointer { bytes in
        model.bestSegments(bytes, count: count).map { segments, score in
          (model.ids(segments, bytes).map { configuration.publicID($0) }, score)
        }
      }
      let joined = best.flatMap { head in parts.map { (head.ids + $0.0, head.score + $0.1) } }
      let order = joined.indices.sorted {
        joined[$0].1 == joined[$1].1 ? $0 < $1 : joined[$0].1 > joined[$1].1
      }
      best = order.prefix(count).map { joined[$0] }
    }
    return best
  }
}
