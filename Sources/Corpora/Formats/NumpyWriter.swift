// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes a matrix of single-precision numbers row by row as a NumPy file (format 1.0).
///
/// Rows go beside the file's place; it appears, with their number in its header, when it is finished.
public final class NumpyWriter {
  private static let headerSize = 128

  private let url: URL
  private let temporary: URL
  private let handle: FileHandle
  private let width: Int
  private var rowCount = 0
  private var isFinished = false

  /// A file of rows of a width.
  public init(_ path: String, width: Int) throws {
    url = URL(fileURLWithPath: path)
    temporary = URL(fileURLWithPath: path + ".partial-\(ProcessInfo.processInfo.processIdentifier)")
    self.width = width
    guard FileManager.default.createFile(atPath: temporary.path, contents: nil),
      let handle = try? FileHandle(forWritingTo: temporary)
    else { throw CorpusError(.file, "cannot be written; does its folder exist?", at: path) }
    self.handle = handle
    try write(Data(count: Self.headerSize))
  }

  deinit {
    try? handle.close()
    if !isFinished { try? FileManager.default.removeItem(at: temporary) }
  }

  /// Appends rows, laid end to end.
  public func append(_ numbers: [Float]) throws {
    precondition(numbers.count % width == 0, "rows have \(width) numbers")
    rowCount += numbers.count / width
    try write(numbers.withUnsafeBytes { Data($0) })
  }

  /// Completes the header and puts the file in its place.
  public func finish() throws {
    var header = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    let size = Self.headerSize - header.count - 2
    header.append(contentsOf: [UInt8(size & 0xff), UInt8(size >> 8)])
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rowCount), \(width)), }"
    header.append(Data(text.utf8))
    header.append(
      contentsOf: repeatElement(UInt8(ascii: " "), count: Self.headerSize - header.count - 1))
    header.append(UInt8(ascii: "\n"))
    do {
      try handle.seek(toOffset: 0)
      try handle.write(contentsOf: header)
      try handle.synchronize()
    } catch { throw failure }
    guard rename(temporary.path, url.path) == 0 else { throw failure }
    isFinished = true
  }

  private func write(_ data: Data) throws {
    do { try handle.write(contentsOf: data) } catch { throw failure }
  }

  private var failure: CorpusError {
    CorpusError(.file, "cannot be written: \(String(cString: strerror(errno)))", at: url.path)
  }
}
