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
  ///     their ids; turn it off for text that users write, which then never becomes one.
  public func ids(
    of text: String, maximumLength: Int? = nil, addsSpecialTokens: Bool = true,
    recognizesSpecialTokens: Bool = true
  ) -> [Int32] {
    let tokenizer = tokenizer(recognizingSpecial: recognizesSpecialTokens)
    return tokenizer.withScratch { scratch in
      tokenizer.ids(of: text, maximumLength, addsSpecialTokens, recognizesSpecialTokens, &scratch)
    }
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
    let tokenizer = tokenizer(recognizingSpecial: recognizesSpecialTokens)
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
      let ids = tokenizer.withScratch { scratch in
        texts[chunk * size..<min(texts.count, chunk * size + size)].map {
          tokenizer.ids(of: $0, maximumLength, addsSpecialTokens, recognizesSpecialTokens, &scratch)
        }
      }
      results.withLock { $0[chunk] = ids }
    }
    return results.withLock { $0.flatMap(\.self) }
  }

  private func ids(
    of text: String, _ maximumLength: Int?, _ addsSpecialTokens: Bool, _ recognizesSpecial: Bool,
    _ scratch: inout ModelScratch
  ) -> [Int32] {
    var text = text
    scratch.ids.removeAll()
    var sink = IDSink(scratch.ids)
    text.withUTF8 { bytes in
      appendIDs(bytes, false, recognizesSpecial, &scratch, to: &sink, limit: maximumLength)
    }
    let affixes = addsSpecialTokens ? configuration.postProcessor.affixes : nil
    var result = affixes?.prefix ?? []
    let suffix = affixes?.suffix ?? []
    result += sink.ids
    guard let maximumLength else { return result + suffix }
    result = result.prefix(max(0, maximumLength - suffix.count)) + suffix
    return Array(result.prefix(max(0, maximumLength)))
  }

  /// Appends the ids of one text.
  ///
  /// - Parameter limit: so many ids are enough; there may be more.
  func appendIDs(
    _ text: UnsafeBufferPointer<UInt8>, _ addsSpecialTokens: Bool, _ recognizesSpecial: Bool,
    _ scratch: inout ModelScratch, to sink: inout IDSink, limit: Int? = nil
  ) {
    let affixes = addsSpecialTokens ? configuration.postProcessor.affixes : nil
    if let prefix = affixes?.prefix { sink.append(prefix) }
    let start = sink.count
    if let sentencePiece {
      sentencePiece.append(text, &scratch, to: &sink)
    } else if metaspace?.append(text, &scratch, to: &sink, limit: limit) != true {
      appendIDsByStages(text, recognizesSpecial, &scratch, to: &sink, limit: limit)
    }
    if configuration.idMap != nil { sink.map(from: start) { configuration.publicID($0) } }
    if let suffix = affixes?.suffix { sink.append(suffix) }
  }

  /// Every stage makes a new text of that of the one before.
  private func appendIDsByStages(
    _ text: UnsafeBufferPointer<UInt8>, _ recognizesSpecial: Bool, _ scratch: inout ModelScratch,
    to sink: inout IDSink, limit: Int?
  ) {
    let words = preTokenize(text, isAligned: false, recognizesSpecial: recognizesSpecial)
    let first = sink.count
    words.text.bytes.withUnsafeBufferPointer { bytes in
      for split in words.splits {
        if let limit, sink.count - first >= limit { break }
        if split.token < 0 {
          configuration.model.appendIDs(bytes, split.range, &scratch, to: &sink)
        } else {
          sink.append(split.token)
        }
      }
    }
  }

  /// Lends the memory of a thread that is done.
  func withScratch<Result>(_ body: (inout ModelScratch) -> Result) -> Result {
    var scratch = scratches.withLock { $0.popLast() } ?? ModelScratch()
    defer { scratches.withLock { if $0.count < 64 { $0.append(scratch) } } }
    return body(&scratch)
  }
}
