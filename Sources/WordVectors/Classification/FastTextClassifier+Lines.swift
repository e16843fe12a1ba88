// SPDX-License-Identifier: Apache-2.0

extension FastTextClassifier {
  /// What is told of a line, and the labels that it has.
  public struct Line: Sendable {
    /// The likeliest labels, the likeliest first.
    public var predictions: [LabelPrediction]
    /// The numbers of the labels that the line begins with or has in it, of those that the model knows.
    public var labels: [Int]
    /// Whether the model knows something in the line beside labels.
    public var hasText: Bool
  }

  /// The likeliest labels of each line of a text, as bytes, which need not be UTF-8.
  ///
  /// - Parameters:
  ///   - limit: The most labels for a line; 1.
  ///   - threshold: The least probability; 0.
  public func lines(of text: [UInt8], limit: Int = 1, threshold: Float = 0) -> [Line] {
    let scratch = pool.take()
    defer { pool.giveBack(scratch) }
    var lines: [Line] = []
    forEachLine(of: text) { line in
      model.features.extract(line, scratch.features)
      lines.append(
        Line(
          predictions: predictions(limit: limit, threshold: threshold, scratch),
          labels: scratch.features.labels.elements.map(Int.init),
          hasText: scratch.features.rows.count > 0))
    }
    return lines
  }

  /// What fastText's `predict` prints for a text, a line for each line: the labels or, as `predict-prob`, each with its
  /// probability.
  public func predictedText(
    for text: [UInt8], limit: Int = 1, threshold: Float = 0, hasProbabilities: Bool
  ) -> [UInt8] {
    let scratch = pool.take()
    defer { pool.giveBack(scratch) }
    var output: [UInt8] = []
    forEachLine(of: text) { line in
      model.features.extract(line, scratch.features)
      let found = predictions(limit: limit, threshold: threshold, scratch)
      for (place, prediction) in found.enumerated() {
        if place > 0 { output.append(UInt8(ascii: " ")) }
        output += prediction.label.utf8
        guard hasProbabilities else { continue }
        output.append(UInt8(ascii: " "))
        DecimalText.append(prediction.probability, digits: 6, to: &output)
      }
      output.append(UInt8(ascii: "\n"))
    }
    return output
  }

  private func forEachLine(
    of text: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    text.withUnsafeBufferPointer { text in
      var start = 0
      while start < text.count {
        let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        body(UnsafeBufferPointer(rebasing: text[start..<end]))
        start = end + 1
      }
    }
  }
}

extension FastTextClassifier {
  /// The likeliest labels of the lines of several texts, told by several threads; the result does not depend on
  /// their number.
  public func lines(
    of texts: [[UInt8]], limit: Int = 1, threshold: Float = 0, threads: Int
  ) -> [[Line]] {
    texts.mapInParallel(threads: threads, chunkSize: 1) {
      lines(of: $0, limit: limit, threshold: threshold)
    }
  }
}
