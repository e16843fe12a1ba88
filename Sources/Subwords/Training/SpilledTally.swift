// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Counts of byte strings in bounded memory: what does not fit is sorted, put aside in a file, and merged at the end.
///
/// The result is the same wherever the tables were cut, so it depends neither on the memory nor on how many
/// threads filled tables of their own.
final class SpilledTally {
  /// The memory for one table, in bytes.
  let limit: Int
  private var tally = ByteTally()
  private var runs: [URL] = []
  private let folder: URL
  private let name = UUID().uuidString

  /// - Parameter limit: what the table may take, in bytes.
  init(limit: Int, folder: URL = FileManager.default.temporaryDirectory) {
    self.limit = max(limit, 1 << 16)
    self.folder = folder
  }

  deinit { for run in runs { try? FileManager.default.removeItem(at: run) } }

  /// Whether nothing has been counted.
  var isEmpty: Bool { tally.count == 0 && runs.isEmpty }

  /// How often the table was put aside.
  var runCount: Int { runs.count }

  func add(_ key: UnsafeBufferPointer<UInt8>, _ count: Int64 = 1) throws(SubwordError) {
    tally.add(key, count)
    if tally.memory > limit { try spill() }
  }

  /// Takes over what another one counted.
  func take(_ other: SpilledTally) throws(SubwordError) {
    runs += other.runs
    other.runs = []
    let table = other.tally
    other.tally = ByteTally()
    try table.bytes.withUnsafeBufferPointer { (bytes) throws(SubwordError) in
      for entry in 0..<table.count {
        try add(UnsafeBufferPointer(rebasing: bytes[table.range(entry)]), table.counts[entry])
      }
    }
  }

  private func spill() throws(SubwordError) {
    let url = folder.appendingPathComponent("koine-\(name)-\(runs.count).words")
    runs.append(url)
    let table = tally
    tally = ByteTally()
    do {
      guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
        throw CocoaError(.fileWriteUnknown)
      }
      let file = try FileHandle(forWritingTo: url)
      defer { try? file.close() }
      var buffer = [UInt8]()
      for entry in table.order {
        let range = table.range(entry)
        withUnsafeBytes(of: UInt32(range.count)) { buffer.append(contentsOf: $0) }
        withUnsafeBytes(of: table.counts[entry]) { buffer.append(contentsOf: $0) }
        buffer.append(contentsOf: table.bytes[range])
        if buffer.count > 1 << 20 {
          try file.write(contentsOf: buffer)
          buffer.removeAll(keepingCapacity: true)
        }
      }
      try file.write(contentsOf: buffer)
    } catch {
      throw SubwordError(
        .file,
        "counts cannot be put aside (\(error.localizedDescription)); free some space there, "
          + "set TMPDIR to a folder with space, or allow more memory", at: url.path)
    }
  }

  /// Calls back with all words in the order of their bytes, each once, and their counts.
  func forEach(
    _ body: (UnsafeBufferPointer<UInt8>, Int64) throws(SubwordError) -> Void
  ) throws(SubwordError) {
    if runs.isEmpty {
      let table = tally
      let order = table.order
      try table.bytes.withUnsafeBufferPointer { (bytes) throws(SubwordError) in
        for entry in order {
          try body(UnsafeBufferPointer(rebasing: bytes[table.range(entry)]), table.counts[entry])
        }
      }
      return
    }
    if tally.count > 0 { try spill() }
    var readers = [RunReader]()
    for run in runs {
      let reader = try RunReader(run)
      if try reader.next() { readers.append(reader) }
    }
    var key = [UInt8]()
    while !readers.isEmpty {
      var least = 0
      for index in readers.indices.dropFirst()
      where readers[index].word.lexicographicallyPrecedes(readers[least].word) { least = index }
      key = readers[least].word
      var count: Int64 = 0
      var index = 0
      while index < readers.count {
        if readers[index].word == key {
          count += readers[index].count
          guard try readers[index].next() else {
            readers.remove(at: index)
            continue
          }
        }
        index += 1
      }
      try key.withUnsafeBufferPointer { (key) throws(SubwordError) in try body(key, count) }
    }
  }
}

/// Reads a table that was put aside.
private final class RunReader {
  private let file: FileHandle
  private let path: String
  private var buffer: [UInt8] = []
  private var position = 0
  private(set) var word: [UInt8] = []
  private(set) var count: Int64 = 0

  init(_ url: URL) throws(SubwordError) {
    path = url.path
    guard let file = try? FileHandle(forReadingFrom: url) else {
      throw SubwordError(.file, "counts that were put aside are gone; run again", at: url.path)
    }
    self.file = file
  }

  deinit { try? file.close() }

  func next() throws(SubwordError) -> Bool {
    guard try fill(12) else { return false }
    let length = buffer.withUnsafeBytes {
      Int($0.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }
    count = buffer.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: position + 4, as: Int64.self)
    }
    position += 12
    guard try fill(length) else {
      throw SubwordError(.file, "counts that were put aside are cut off; run again", at: path)
    }
    word = Array(buffer[position..<position + length])
    position += length
    return true
  }

  private func fill(_ length: Int) throws(SubwordError) -> Bool {
    while buffer.count - position < length {
      buffer.removeFirst(position)
      position = 0
      guard let data = try? file.read(upToCount: max(1 << 18, length)), !data.isEmpty else {
        return false
      }
      buffer.append(contentsOf: data)
    }
    return true
  }
}
