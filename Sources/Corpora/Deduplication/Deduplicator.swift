// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Takes out lines that are copies of an earlier line, exactly or nearly, in bounded memory.
///
/// The first of a group stays, and order with it. A line is compared with lines that were kept, so that a
/// chain of small changes is not followed away from its beginning.
///
/// Where the tables would outgrow the memory they are given, what is not decided yet is laid aside in a
/// temporary file, and compared anew among itself when the tables are emptied: each pass decides on as many
/// lines as fit, and the result is the same as with more memory.
public struct Deduplicator: Sendable {
  /// What counts as a copy.
  public enum Method: Sendable, Equatable {
    /// The same text.
    case exact
    /// Shingles whose Jaccard coefficient is estimated at a threshold or above.
    case near(MinHash, Banding, threshold: Double)
  }

  /// What counts as a copy; the same text.
  public var method = Method.exact
  /// What is done to texts before they are compared, not before they are written; nothing.
  public var normalizer: TextNormalizer?
  /// About how much memory the tables may take, in bytes; 1 GB.
  public var memory = 1_000_000_000
  /// Threads to hash with, which do not change the result; 1.
  public var threads = 1
  /// Where temporary files are made.
  public var temporaryFolder = FileManager.default.temporaryDirectory.path
  /// Whether lines that are copies of nothing in the files to compare with stay, copies of each other or not.
  public var keepsOwnCopies = false
  /// How many examples a report keeps; 10.
  public var exampleLimit = 10

  /// A deduplicator.
  public init() {}

  /// Writes the lines that are no copies.
  ///
  /// - Parameters:
  ///   - readers: Where lines come from, one file after another.
  ///   - others: Files with texts that no line may be a copy of, as a test set; they are not written.
  ///   - writer: Where the lines go that stay.
  ///   - removed: Where the others go: likeness, place, place of the original, and the line, parted by tabs.
  /// - Throws: `CorpusError` where a file cannot be read or written.
  public func run(
    _ readers: [RecordReader], against others: [RecordReader] = [], to writer: LineWriter,
    removed: LineWriter? = nil
  ) throws(CorpusError) -> DeduplicationReport {
    try RecordReader.checkHeaders(readers)
    if let header = readers.first?.header { try writer.write(line: header) }
    let (normalizer, seed) = (normalizer, seed)
    switch method {
    case .exact:
      var run = DeduplicationRun(
        self, ExactIndex(memory: memory), names: (readers + others).map(\.name),
        RecordOutput(kept: writer, removed: removed)
      ) { text in TextFingerprint(normalizer.map { $0(text) } ?? text, seed: seed) }
      return try run.run(readers, against: others)
    case .near(let minHash, let banding, let threshold):
      let index = NearIndex(
        width: minHash.count, banding: banding, threshold: threshold, memory: memory)
      var run = DeduplicationRun(
        self, index, names: (readers + others).map(\.name),
        RecordOutput(kept: writer, removed: removed)
      ) { text in
        let text = normalizer.map { $0(text) } ?? text
        return NearIndex.Key(
          sketch: minHash.sketch(text), fingerprint: TextFingerprint(text, seed: seed))
      }
      return try run.run(readers, against: others)
    }
  }

  private var seed: UInt64 {
    if case .near(let minHash, _, _) = method { minHash.seed } else { 1 }
  }
}

/// Where kept and removed lines go.
struct RecordOutput {
  let kept: LineWriter
  let removed: LineWriter?
}
