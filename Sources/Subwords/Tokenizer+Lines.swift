// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

extension Tokenizer {
  /// The ids of each line of a text, special tokens included: the way for files.
  ///
  /// Lines end with a line feed, which is no part of them; the last one may do without. Bytes that are
  /// no UTF-8 count as U+FFFD, one for each stretch that Unicode names (section 3.9).
  ///
  /// - Parameters:
  ///   - text: the lines.
  ///   - addsSpecialTokens: whether the template puts special tokens around each line.
  ///   - recognizesSpecialTokens: whether special tokens that stand literally in the text become
  ///     their ids; turn it off for text that users write.
  ///   - threads: how many threads work; the result is the same for any number.
  public func encodeLines(
    _ text: [UInt8], addsSpecialTokens: Bool = true, recognizesSpecialTokens: Bool = true,
    threads: Int = 1
  ) -> EncodedLines {
    let tokenizer = tokenizer(recognizingSpecial: recognizesSpecialTokens)
    return text.withUnsafeBufferPointer { bytes in
      let stretches = Self.stretches(bytes, threads)
      guard stretches.count > 1 else {
        return tokenizer.encode(bytes, addsSpecialTokens, recognizesSpecialTokens)
      }
      let parts = Mutex([EncodedLines](repeating: EncodedLines(), count: stretches.count))
      let source = SharedBytes(bytes: bytes)
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < stretches.count else { return }
          let stretch = UnsafeBufferPointer(rebasing: source.bytes[stretches[index]])
          let part = tokenizer.encode(stretch, addsSpecialTokens, recognizesSpecialTokens)
          parts.withLock { $0[index] = part }
        }
      }
      return parts.withLock { parts in
        var result = EncodedLines()
        result.ids.reserveCapacity(parts.reduce(0) { $0 + $1.ids.count })
        for part in parts { result.append(part) }
        return result
      }
    }
  }

  /// Bytes that outlive all threads that read them: the caller waits for these.
  private struct SharedBytes: @unchecked Sendable {
    let bytes: UnsafeBufferPointer<UInt8>
  }

  /// Whole lines, some 256 kB at a time; one stretch where there is one thread.
  private static func stretches(
    _ bytes: UnsafeBufferPointer<UInt8>, _ threads: Int
  ) -> [Range<Int>] {
    guard threads > 1 else { return [0..<bytes.count] }
    var stretches = [Range<Int>]()
    var start = 0
    while start < bytes.count {
      var end = min(start + 1 << 18, bytes.count)
      while end < bytes.count, bytes[end - 1] != 0x0A { end += 1 }
      stretches.append(start..<end)
      start = end
    }
    return stretches
  }

  private func encode(
    _ bytes: UnsafeBufferPointer<UInt8>, _ addsSpecialTokens: Bool, _ recognizesSpecial: Bool
  ) -> EncodedLines {
    guard UTF8Scalar.isWellFormed(bytes) else {
      var repaired = String(decoding: bytes, as: UTF8.self)
      return repaired.withUTF8 { encode($0, addsSpecialTokens, recognizesSpecial) }
    }
    var result = EncodedLines()
    withScratch { scratch in
      forEachLine(bytes, addsSpecialTokens, recognizesSpecial, &scratch) { ids in
        result.ids.append(contentsOf: ids)
        result.ends.append(result.ids.count)
      }
    }
    return result
  }

  /// Calls `body` with the ids of each line of valid UTF-8; they are good until it returns.
  func forEachLine(
    _ bytes: UnsafeBufferPointer<UInt8>, _ addsSpecialTokens: Bool, _ recognizesSpecial: Bool,
    _ scratch: inout ModelScratch, _ body: (UnsafeBufferPointer<Int32>) -> Void
  ) {
    var start = 0
    while start < bytes.count {
      let end = Self.lineEnd(bytes, start)
      scratch.ids.removeAll()
      var sink = IDSink(scratch.ids)
      appendIDs(
        UnsafeBufferPointer(rebasing: bytes[start..<end]), addsSpecialTokens, recognizesSpecial,
        &scratch, to: &sink)
      body(scratch.ids.ids)
      start = end + 1
    }
  }

  private static func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    guard let base = bytes.baseAddress, let found = memchr(base + start, 0x0A, bytes.count - start)
    else { return bytes.count }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
