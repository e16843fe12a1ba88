// SPDX-License-Identifier: Apache-2.0

/// Reads records, and writes those that no filter objects to.
public struct TextCleaner: Sendable {
  /// How many bytes of a removed text a report keeps, at most, in scalars.
  static let exampleLength = 200
  /// What lines are called that cannot be read at all.
  static let unreadable = "unreadable"

  private let filters: [any TextFilter]
  private let languages: [LanguageTag?]
  /// How many examples of each filter's work a report keeps; 3.
  public var exampleLimit = 3
  /// Threads to judge with; 1.
  public var threads = 1

  /// A cleaner of texts in a language, or of pairs in two.
  public init(_ filters: [any TextFilter], languages: [LanguageTag?] = []) {
    self.filters = filters
    self.languages = languages
  }

  /// Cleans all records.
  ///
  /// - Parameters:
  ///   - readers: Where records come from, one after another.
  ///   - writers: Where they go: one for each file of a record.
  ///   - rejected: Where the removed ones go: filter, reason, and lines, parted by tabs.
  /// - Throws: `CorpusError` where a file cannot be read or written.
  public func run(
    _ readers: [RecordReader], to writers: [LineWriter], rejected: LineWriter? = nil
  ) throws(CorpusError) -> CleaningReport {
    var report = CleaningReport(
      names: [Self.unreadable] + filters.map { type(of: $0).specification.name })
    var repeated = RepeatedLines()
    try RecordReader.checkHeaders(readers)
    if let header = readers.first?.header { try writers[0].write(line: header) }
    for reader in readers {
      while true {
        let batch = try reader.nextBatch()
        guard !batch.isEmpty else { break }
        let verdicts = concurrentMap(batch.count, threads: threads) { judge(batch[$0]) }
        for (record, verdict) in zip(batch, verdicts) {
          report.read += 1
          report.bytes += record.lines.reduce(0) { $0 + $1.count + 1 }
          guard let objection = verdict.objection ?? again(verdict.repeats, &repeated) else {
            report.kept += 1
            for (line, writer) in zip(record.lines, writers) { try writer.write(line: line) }
            continue
          }
          let removal = removal(objection, record, reader)
          report.note(removal, examples: exampleLimit)
          if let rejected {
            var row = Array("\(removal.filter)\t\(removal.reason)".utf8)
            for line in record.lines { row += [UInt8(ascii: "\t")] + line }
            try rejected.write(line: row)
          }
        }
      }
    }
    return report
  }

  /// The name of a filter, and why it takes a record.
  typealias Objection = (filter: String, reason: String)

  /// What filters say of a record.
  struct Verdict: Sendable {
    var objection: Objection?
    /// What is to be counted for repeats: a hash, and how often it may come.
    var repeats: (hash: UInt64, limit: Int)?
  }

  func judge(_ record: TextRecord) -> Verdict {
    if let damage = record.damage {
      return Verdict(objection: (Self.unreadable, damage.reason))
    }
    let candidate = FilterCandidate(record.texts, languages: languages)
    var repeats: (hash: UInt64, limit: Int)?
    for filter in filters {
      if let reason = filter.reason(candidate) {
        return Verdict(objection: (type(of: filter).specification.name, reason))
      }
      if let frame = filter as? BoilerplateFilter,
        candidate.profiles.allSatisfy({ $0.weight >= frame.letters })
      {
        let hash = record.texts.reduce(UInt64(0)) { hash, text in
          text.withUnsafeBufferPointer { hashBytes($0, seed: hash) }
        }
        repeats = (hash, frame.repeats)
      }
    }
    return Verdict(objection: nil, repeats: repeats)
  }

  private func again(
    _ repeats: (hash: UInt64, limit: Int)?, _ repeated: inout RepeatedLines
  ) -> Objection? {
    guard let repeats else { return nil }
    let count = repeated.count(repeats.hash)
    return count > repeats.limit
      ? (BoilerplateFilter.specification.name, "comes again and again, now for the \(count). time")
      : nil
  }

  private func removal(
    _ objection: Objection, _ record: TextRecord, _ reader: RecordReader
  ) -> CleaningReport.Removal {
    let texts = record.texts.isEmpty ? record.lines : record.texts
    return CleaningReport.Removal(
      filter: objection.filter, reason: objection.reason, place: "\(reader.name):\(record.number)",
      texts: texts.map { Self.cut($0) })
  }

  /// The beginning of a text.
  static func cut(_ text: [UInt8], to limit: Int = exampleLength) -> String {
    let scalars = String(decoding: text.prefix(4 * limit + 4), as: UTF8.self).unicodeScalars
    return scalars.count <= limit ? String(scalars) : String(scalars.prefix(limit)) + "…"
  }
}
