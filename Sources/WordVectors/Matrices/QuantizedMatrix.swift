// SPDX-License-Identifier: Apache-2.0

/// A matrix whose rows are codes of a product quantiser, and their lengths too where it was asked for.
struct QuantizedMatrix: Sendable {
  let rows: Int
  let columns: Int
  private let codes: [UInt8]
  private let quantizer: ProductQuantizer
  /// Codes of the rows' lengths, and what they stand for.
  private let norms: (codes: [UInt8], quantizer: ProductQuantizer)?

  init(
    rows: Int, codes: [UInt8], quantizer: ProductQuantizer,
    norms: (codes: [UInt8], quantizer: ProductQuantizer)?
  ) {
    self.rows = rows
    columns = quantizer.dimension
    self.codes = codes
    self.quantizer = quantizer
    self.norms = norms
  }

  /// Reads the matrix of a model file.
  init(_ reader: inout BinaryReader, _ what: String) throws(WordVectorError) {
    let hasNorms = try reader.flag("whether \(what) has lengths")
    let (rows, columns) = try reader.shape(what)
    let size = Int(try reader.next(Int32.self))
    let place = try reader.take(size, of: 1, what)
    codes = Array(reader.file.bytes[place..<place + size])
    quantizer = try ProductQuantizer(&reader, what, dimension: columns)
    guard size == rows * quantizer.partCount else {
      throw reader.malformed(
        "the codes of \(what)", expected: "\(rows * quantizer.partCount)", found: "\(size)")
    }
    if hasNorms {
      let place = try reader.take(rows, of: 1, "the lengths of \(what)")
      let codes = Array(reader.file.bytes[place..<place + rows])
      norms = (codes, try ProductQuantizer(&reader, "the lengths of \(what)", dimension: 1))
    } else {
      norms = nil
    }
    self.rows = rows
    self.columns = columns
  }

  /// Adds a row to a vector.
  @inline(__always) func addRow(_ row: Int, to vector: UnsafeMutablePointer<Float>) {
    let scale = norms.map { $0.quantizer.centroids[Int($0.codes[row])] } ?? 1
    codes.withUnsafeBufferPointer { codes in
      guard let start = codes.baseAddress else { return }
      quantizer.add(start + row * quantizer.partCount, times: scale, to: vector)
    }
  }

  /// All rows written out as numbers.
  func decoded() -> DenseMatrix {
    let buffer = FloatBuffer(count: rows * columns)
    for row in 0..<rows { addRow(row, to: buffer.start + row * columns) }
    return DenseMatrix(buffer, rows: rows, columns: columns)
  }

  /// Writes the matrix as fastText does.
  func write(to sink: inout BinaryWriter) throws {
    try sink.append(UInt8(norms == nil ? 0 : 1))
    try sink.append(Int64(rows))
    try sink.append(Int64(columns))
    try sink.append(Int32(codes.count))
    try sink.append(contentsOf: codes)
    try quantizer.write(to: &sink)
    if let norms {
      try sink.append(contentsOf: norms.codes)
      try norms.quantizer.write(to: &sink)
    }
  }
}
