// SPDX-License-Identifier: Apache-2.0

/// One run of a deduplicator over its files.
struct DeduplicationRun<Index: CopyIndex> where Index.Key: SpoolKey {
  private typealias Item = CopyItem<Index.Key>

  private let settings: Deduplicator
  private var index: Index
  private let names: [String]
  private let output: RecordOutput
  private let key: @Sendable ([UInt8]) -> Index.Key
  private var report = DeduplicationReport()
  private var groups = LargestGroups()
  private var damage = DamageLog()

  init(
    _ settings: Deduplicator, _ index: Index, names: [String], _ output: RecordOutput,
    key: @escaping @Sendable ([UInt8]) -> Index.Key
  ) {
    self.settings = settings
    self.index = index
    self.names = names
    self.output = output
    self.key = key
  }

  mutating func run(
    _ readers: [RecordReader], against others: [RecordReader]
  ) throws(CorpusError) -> DeduplicationReport {
    var source = CopySource(readers, threads: settings.threads, firstSource: 0, key: key)
    var other = CopySource(
      others, threads: settings.threads, firstSource: readers.count, key: key)
    // While the other files do not fit, all lines are compared with one part of them after another.
    while try fill(from: &other) {
      let rest = try spool()
      while let item = try next(&source) {
        if try !isCopy(item) { try rest.append(item) }
      }
      source = try passOver(to: rest, source)
    }
    while true {
      var rest: Spool<Index.Key>?
      while let item = try next(&source) {
        if try isCopy(item) { continue }
        if settings.keepsOwnCopies {
          try keep(item)
        } else if !index.isFull {
          index.insert(item.key, at: item.place)
          try keep(item)
        } else {
          let spool = if let rest { rest } else { try spool() }
          try spool.append(item)
          rest = spool
        }
      }
      guard let rest else { break }
      source = try passOver(to: rest, source)
    }
    endPass()
    damage.add(source.damage)
    damage.add(other.damage)
    report.unreadable = damage.count
    report.unreadablePlaces = damage.places
    report.largest = groups.best(10, in: names)
    return report
  }

  /// Fills the tables; true where there is more than fits.
  private mutating func fill(
    from other: inout CopySource<Index.Key>
  ) throws(CorpusError) -> Bool {
    while true {
      guard !index.isFull else { return true }
      guard let item = try other.next() else { return false }
      if index.find(item.key) == nil { index.insert(item.key, at: item.place) }
    }
  }

  private mutating func next(_ source: inout CopySource<Index.Key>) throws(CorpusError) -> Item? {
    guard let item = try source.next() else { return nil }
    if source.isFirst { report.read += 1 }
    return item
  }

  private mutating func passOver(
    to rest: Spool<Index.Key>, _ source: CopySource<Index.Key>
  ) throws(CorpusError) -> CopySource<Index.Key> {
    endPass()
    damage.add(source.damage)
    try rest.rewind()
    return CopySource(rest, key: key)
  }

  private mutating func endPass() {
    report.passes += 1
    report.groups += index.groupCount
    index.removeAll()
  }

  private func spool() throws(CorpusError) -> Spool<Index.Key> {
    try Spool(in: settings.temporaryFolder)
  }

  private mutating func keep(_ item: Item) throws(CorpusError) {
    report.kept += 1
    try output.kept.write(line: item.line)
  }

  /// Whether the item copies something in the tables; then it is noted and goes.
  private mutating func isCopy(_ item: Item) throws(CorpusError) -> Bool {
    guard let (original, likeness) = index.find(item.key) else { return false }
    report.removed += 1
    let place = index.place(of: original)
    groups.note(place, copies: index.noteCopy(of: original), line: item.line)
    guard report.examples.count < settings.exampleLimit || output.removed != nil else {
      return true
    }
    let (here, there) = (item.place.description(in: names), place.description(in: names))
    if report.examples.count < settings.exampleLimit {
      report.examples.append(
        .init(
          place: here, original: there, likeness: likeness, text: TextCleaner.cut(item.line)))
    }
    if let removed = output.removed {
      let head = "\(PlainTable.fixed(likeness, places: 3))\t\(here)\t\(there)\t"
      try removed.write(line: Array(head.utf8) + item.line)
    }
    return true
  }
}

/// Items from files, or from those that were laid aside.
struct CopySource<Key: SpoolKey> {
  /// Whether the items are read for the first time.
  let isFirst: Bool
  private let readers: [RecordReader]
  private let firstSource: Int
  private let threads: Int
  private let key: @Sendable ([UInt8]) -> Key
  private let spool: Spool<Key>?
  private var current = 0
  private var batch: [CopyItem<Key>] = []
  private var position = 0

  init(
    _ readers: [RecordReader], threads: Int, firstSource: Int,
    key: @escaping @Sendable ([UInt8]) -> Key
  ) {
    self.readers = readers
    self.threads = threads
    self.firstSource = firstSource
    self.key = key
    isFirst = true
    spool = nil
  }

  init(_ spool: Spool<Key>, key: @escaping @Sendable ([UInt8]) -> Key) {
    self.spool = spool
    self.key = key
    readers = []
    (threads, firstSource, isFirst) = (1, 0, false)
  }

  /// Lines of the files that were dropped or mended.
  var damage: DamageLog {
    var log = DamageLog()
    for reader in readers { log.add(reader.damage) }
    return log
  }

  mutating func next() throws(CorpusError) -> CopyItem<Key>? {
    if let spool { return try spool.next() }
    while position == batch.count {
      guard current < readers.count else { return nil }
      let records = try readers[current].nextBatch().filter { $0.damage == nil }
      let key = key
      let source = firstSource + current
      batch = concurrentMap(records.count, threads: threads) { index in
        // Several texts in a record are one: none of them can hold the byte between.
        CopyItem(
          place: RecordPlace(source: source, number: records[index].number),
          key: key(Array(records[index].texts.joined(separator: [UInt8(ascii: "\n")]))),
          line: records[index].lines[0])
      }
      position = 0
      if batch.isEmpty { current += 1 }
    }
    defer { position += 1 }
    return batch[position]
  }
}
