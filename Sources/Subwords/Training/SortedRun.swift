// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A table of counted byte strings that was put aside in a file, in the order of their bytes.
///
/// Each stands there as its length (32 bits), its count (64 bits) and its bytes. The file goes with its owner.
final class SortedRun {
  private let url: URL

  /// - Parameter folder: where the file is to be.
  init(in folder: URL) {
    url = folder.appendingPathComponent("koine-\(UUID().uuidString).words")
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// What puts one string with its count into the file.
  typealias Write = (UnsafeBufferPointer<UInt8>, Int64) throws(SubwordError) -> Void

  /// Writes the file; `body` gives the strings in their order to the function that it gets.
  func write(_ body: (Write) throws(SubwordError) -> Void) throws(SubwordError) {
    guard FileManager.default.createFile(atPath: url.path, contents: nil),
      let file = try? FileHandle(forWritingTo: url)
    else { throw failure("the file cannot be made") }
    defer { try? file.close() }
    let buffer = ByteBuffer()
    func flush() throws(SubwordError) {
      do {
        try file.write(contentsOf: UnsafeRawBufferPointer(buffer.bytes))
      } catch {
        throw failure(error.localizedDescription)
      }
      buffer.removeAll()
    }
    try body { (bytes, count) throws(SubwordError) in
      withUnsafeBytes(of: (UInt32(bytes.count).littleEndian)) { Self.append($0, to: buffer) }
      withUnsafeBytes(of: count.littleEndian) { Self.append($0, to: buffer) }
      if let base = bytes.baseAddress { buffer.append(base, bytes.count) }
      if buffer.count > 1 << 19 { try flush() }
    }
    try flush()
  }

  private static func append(_ bytes: UnsafeRawBufferPointer, to buffer: ByteBuffer) {
    for byte in bytes { buffer.append(byte) }
  }

  private func failure(_ reason: String) -> SubwordError {
    SubwordError(
      .file,
      "counts cannot be put aside (\(reason)); free some space there, set TMPDIR to a folder with "
        + "space, or allow more memory", at: url.path)
  }

  /// Calls back with the strings of several runs in the order of their bytes, each once, with the sum of its counts.
  static func merge(
    _ runs: [SortedRun],
    _ body: (UnsafeBufferPointer<UInt8>, Int64) throws(SubwordError) -> Void
  ) throws(SubwordError) {
    var readers = [SortedRunReader]()
    for run in runs {
      let reader = try SortedRunReader(run.url.path)
      if try reader.next() { readers.append(reader) }
    }
    // A heap: the least string is on top.
    for index in readers.indices.reversed() { sink(index, &readers) }
    let key = ByteBuffer()
    while let top = readers.first {
      key.removeAll()
      if let base = top.word.baseAddress { key.append(base, top.word.count) }
      var count: Int64 = 0
      while let next = readers.first, next.isAt(key.bytes) {
        count &+= next.count
        if try !next.next() {
          readers[0] = readers[readers.count - 1]
          readers.removeLast()
        }
        if !readers.isEmpty { sink(0, &readers) }
      }
      try body(key.bytes, count)
    }
  }

  private static func sink(_ start: Int, _ readers: inout [SortedRunReader]) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < readers.count && readers[child].precedes(readers[least]) {
        least = child
      }
      guard least != index else { return }
      readers.swapAt(index, least)
      index = least
    }
  }
}
