// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

extension Tokenizer {
  /// The ids of a text, special tokens included: the fast way, without offsets and pieces.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - maximumLength: the greatest number of ids; the end of the text gives way, special tokens
  ///     stay (as long as there is room for them).
  ///   - addsSpecialTokens: whether the template puts special tokens around.
  ///   - recognizesSpecialTokens: whether special tokens that stand literally in the text become
  ///     their ids; turn it off for text that users write.
  public func ids(
    of text: String, maximumLength: Int? = nil, addsSpecialTokens: Bool = true,
    recognizesSpecialTokens: Bool = true
  ) -> [Int32] {
    var scratch = ModelScratch()
    return ids(
      of: text, maximumLength, addsSpecialTokens, recognizesSpecialTokens, &scratch)
  }

  /// The ids of many texts, made by as many threads as there are processors; the order is kept and
  /// the result does not depend on the number of threads.
  ///
  /// Parameters are those of ``ids(of:maximumLength:addsSpecialTokens:recognizesSpecialTokens:)``.
  public func ids(
    of texts: [String], maximumLength: Int? = nil, addsSpecialTokens: Bool = true,
    recognizesSpecialTokens: Bool = true
  ) -> [[Int32]] {
    let size = 64
    let chunks = (texts.count + size - 1) / size
    let results = Mutex([[[Int32]]](repeating: [], count: chunks))
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
      var scratch = ModelScratch()
      let ids = texts[chunk * size..<min(texts.count, chunk * size + size)].map {
        self.ids(of: $0, maximumLength, addsSpecialTokens, recognizesSpecialTokens, &scratch)
      }
      results.withLock { $0[chunk] = ids }
    }
    return results.withLock { $0.flatMap(\.self) }
  }

  private func ids(
    of text: String, _ maximumLength: Int?, _ addsSpecialTokens: Bool, _ recognizesSpecial: Bool,
    _ scratch: inout ModelScratch
  ) -> [Int32] {
    let words = preTokenize(text.utf8, isAligned: false, recognizesSpecial: recognizesSpecial)
    let model = configuration.model
    var result = [Int32]()
    result.reserveCapacity(words.text.count / 3 + 4)
    let affixes = addsSpecialTokens ? configuration.postProcessor.affixes : nil
    if let prefix = affixes?.prefix { result += prefix }
    let suffix = affixes?.suffix ?? []
    let limit = maximumLength.map { max(0, $0 - suffix.count) } ?? Int.max
    var sink = IDSink(ids: result)
    words.text.bytes.withUnsafeBufferPointer { bytes in
      for split in words.splits {
        guard sink.ids.count < limit else { break }
        guard split.token < 0 else {
          sink.ids.append(split.token)
          continue
        }
        let first = sink.ids.count
        model.cut(bytes, split.range, &scratch, into: &sink)
        guard configuration.idMap != nil else { continue }
        for index in first..<sink.ids.count {
          sink.ids[index] = configuration.publicID(sink.ids[index])
        }
      }
    }
    result = sink.ids
    if result.count > limit { result.removeLast(result.count - limit) }
    result += suffix
    if let maximumLength, result.count > maximumLength {
      result.removeLast(result.count - max(0, maximumLength))
    }
    return result
  }
}
