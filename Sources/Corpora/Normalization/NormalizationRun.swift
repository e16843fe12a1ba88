// SPDX-License-Identifier: Apache-2.0

/// Normalises the texts of records and writes the records.
public struct NormalizationRun: Sendable {
  /// What was done.
  public struct Summary: Sendable, Equatable {
    /// How many texts were read.
    public var count = 0
    /// How many of them changed.
    public var changed = 0
    /// Records that were dropped or mended.
    public var damage = DamageLog()
  }

  private let normalizer: TextNormalizer
  private let threads: Int

  /// A run of a normaliser on so many threads.
  public init(_ normalizer: TextNormalizer, threads: Int = 1) {
    self.normalizer = normalizer
    self.threads = threads
  }

  /// Reads all records, and writes them with their texts normalised, in the same order.
  ///
  /// - Throws: `CorpusError` where a file cannot be read or written, or the files' headers differ.
  public func run(
    _ readers: [RecordReader], to writer: LineWriter
  ) throws(CorpusError) -> Summary {
    var summary = Summary()
    try RecordReader.checkHeaders(readers)
    if let header = readers.first?.header { try writer.write(line: header) }
    for reader in readers {
      while true {
        let batch = try reader.nextBatch()
        guard !batch.isEmpty else { break }
        let normalizer = normalizer
        let texts = concurrentMap(batch.count, threads: threads) { index in
          batch[index].texts.map { normalizer($0) }
        }
        for (record, texts) in zip(batch, texts) where record.damage == nil {
          summary.count += texts.count
          for (old, new) in zip(record.texts, texts) where old != new { summary.changed += 1 }
          for line in try reader.replacing(texts, in: record) { try writer.write(line: line) }
        }
      }
      summary.damage.add(reader.damage)
    }
    return summary
  }
}

extension RecordReader {
  /// Throws where files that are to become one name their columns differently.
  static func checkHeaders(_ readers: [RecordReader]) throws(CorpusError) {
    for reader in readers.dropFirst() where reader.header != readers[0].header {
      throw CorpusError(
        .format, "the file's columns are not those of \(readers[0].name)",
        expected: "the same header in all files", hint: "take them one by one", at: reader.name,
        line: 1)
    }
  }
}
