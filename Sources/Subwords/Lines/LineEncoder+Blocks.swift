// SPDX-License-Identifier: Apache-2.0

extension LineEncoder {
  /// Appends the ids of many lines at once, where nothing but ids is asked for: the fast way for files.
  ///
  /// Gives the same bytes as ``append(_:to:)`` line by line.
  ///
  /// - Parameter lines: whole lines with their line feeds; the last one may do without.
  /// - Returns: false, with nothing appended, where the lines must be looked at one by one: they are not
  ///   valid UTF-8, or more than ids is asked for.
  public func appendLines(_ lines: [UInt8], to output: inout [UInt8]) -> Bool {
    guard let digits else { return false }
    return lines.withUnsafeBufferPointer { bytes in
      guard UTF8Scalar.isWellFormed(bytes) else { return false }
      let tokenizer = tokenizer.tokenizer(recognizingSpecial: options.recognizesSpecialTokens)
      tokenizer.withScratch { scratch in
        let part = ByteBuffer()
        tokenizer.forEachLine(
          bytes, options.addsSpecialTokens, options.recognizesSpecialTokens, &scratch
        ) { ids in
          // A line of a hundred megabytes is not held twice.
          var start = 0
          repeat {
            let end = min(ids.count, start + 1 << 16)
            part.removeAll()
            digits.append(ids[start..<end], endsLine: end == ids.count, to: part)
            output.append(contentsOf: part.bytes)
            start = end
          } while start < ids.count
        }
      }
      return true
    }
  }
}
