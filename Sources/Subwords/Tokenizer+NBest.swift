// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// The `count` most probable segmentations of a text, the best first, without special tokens.
  ///
  /// `score` is the sum of the pieces' natural-log probabilities. The text must be one stretch for
  /// the model: where a pre-tokeniser or an added token cuts it, each cut is kept and only the
  /// parts vary, combined best first.
  public func bestSegmentations(of text: String, count: Int) -> [(ids: [Int32], score: Double)] {
    let words = preTokenize(text.utf8, isAligned: false, recognizesSpecial: true)
    var best: [(ids: [Int32], score: Double)] = count > 0 ? [([], 0)] : []
    let model = configuration.model
    for split in words.splits {
      guard split.token < 0 else {
        for index in best.indices { best[index].ids.append(split.token) }
        continue
      }
      let bytes = Array(words.text.bytes[split.range])
      let parts = bytes.withUnsafeBufferPointer { bytes in
        model.bestSegments(bytes, count: count).map { segments, score in
          var ids = [Int32]()
          model.tokens(segments, bytes, from: 0) { id, _, _ in
            ids.append(configuration.publicID(id))
          }
          return (ids, score)
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
