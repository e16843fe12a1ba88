// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes a matrix of single-precision numbers row by row as a NumPy file (format 1.0).
///
/// The file appears, with its number of rows in the header, when it is finished.
public final class NumpyWriter {
  /// Bytes before the numbers.
  package static let headerSize = 128

  private let file: AtomicFile
  private let width: Int
  private var rowCount = 0

  /// A file of rows of a width.
  public init(_ path: String, width: Int) throws(CorpusError) {
    file = try AtomicFile(path)
    self.width = width
    try file.write(contentsOf: repeatElement(0, count: Self.headerSize))
  }

  /// Appends rows, laid end to end.
  public func append(_ numbers: [Float]) throws(CorpusError) {
    precondition(numbers.count % width == 0, "rows have \(width) numbers")
    rowCount += numbers.count / width
    try file.write(contentsOf: numbers.withUnsafeBytes { Data($0) })
  }

  /// Completes the header and puts the file in its place.
  public func finish() throws(CorpusError) {
    try file.overwriteStart(with: Self.header(rows: rowCount, width: width))
    try file.commit()
  }

  /// What stands before the numbers of a matrix.
  package static func header(rows: Int, width: Int) -> [UInt8] {
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    let size = headerSize - header.count - 2
    header += [UInt8(size & 0xff), UInt8(size >> 8)]
    header += Array(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(width)), }".utf8)
    header += repeatElement(UInt8(ascii: " "), count: headerSize - header.count - 1)
    header.append(UInt8(ascii: "\n"))
    return header
  }
}
