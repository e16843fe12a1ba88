// SPDX-License-Identifier: Apache-2.0

extension VectorMatrix {
  /// The rows of a NumPy file (`.npy`, format 1 to 3): a matrix of floating-point numbers in C order.
  ///
  /// Numbers of single precision are used where they stand in the file, which must not be changed meanwhile; those of half and double precision are converted.
  ///
  /// - Throws: `WordVectorError.Code.file` where the file cannot be read, `.format` where it holds no such matrix.
  public init(numpy path: String) throws(WordVectorError) {
    let file = try MappedFile(path)
    var reader = BinaryReader(file, name: path)
    let header = try NumpyHeader(&reader)
    let start = try reader.take(header.rows, of: header.columns * header.type.size, "the numbers")
    guard reader.remaining == 0, let base = file.bytes.baseAddress else {
      throw reader.malformed(
        "its length", expected: "nothing after the numbers", found: "\(reader.remaining) bytes")
    }
    let count = header.rows * header.columns
    if header.type == .single, start % 4 == 0 {
      self.init(
        (base + start).bindMemory(to: Float.self, capacity: max(count, 1)), rows: header.rows,
        columns: header.columns, owner: file)
      return
    }
    var rows = RowStore(dimension: header.columns, expecting: header.rows)
    let row = FloatBuffer(count: header.columns)
    for index in 0..<header.rows {
      for column in 0..<header.columns {
        let place = start + (index * header.columns + column) * header.type.size
        row.start[column] = header.type.number(at: base + place)
      }
      try rows.append(row.start)
    }
    self = try rows.finished()
  }
}

/// What stands before the numbers of a NumPy file.
struct NumpyHeader {
  /// How a number is written.
  enum Number: String {
    case half = "<f2"
    case single = "<f4"
    case double = "<f8"

    /// In bytes.
    var size: Int {
      switch self {
      case .half: 2
      case .single: 4
      case .double: 8
      }
    }

    /// A number, wherever it stands.
    @inline(__always) func number(at place: UnsafeRawPointer) -> Float {
      switch self {
      case .half: Float(place.loadUnaligned(as: Float16.self))
      case .single: place.loadUnaligned(as: Float.self)
      case .double: Float(place.loadUnaligned(as: Double.self))
      }
    }
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  let type: Number
  let rows: Int
  let columns: Int

  init(_ reader: inout BinaryReader) throws(WordVectorError) {
    let name = reader.name
    func fail(_ expected: String, _ found: String) -> WordVectorError {
      WordVectorError(
        .format, "the file is no NumPy matrix that can be read", expected: expected, found: found,
        hint: "write it by numpy.save(name, matrix.astype('float32'))", at: name)
    }
    guard reader.remaining >= 10,
      reader.file.bytes.prefix(Self.magic.count).elementsEqual(Self.magic)
    else { throw fail("a file that begins with NUMPY", "other bytes") }
    _ = try reader.take(Self.magic.count, of: 1, "its name")
    let version = try reader.next(UInt8.self)
    _ = try reader.next(UInt8.self)
    let size =
      version == 1 ? Int(try reader.next(UInt16.self)) : Int(try reader.next(UInt32.self))
    let start = try reader.take(size, of: 1, "its header")
    let text = String(decoding: reader.file.bytes[start..<start + size], as: UTF8.self)
    guard let type = Self.value("descr", in: text).flatMap(Number.init) else {
      throw fail("numbers of type <f2, <f4 or <f8", Self.value("descr", in: text) ?? "no type")
    }
    self.type = type
    guard text.contains("'fortran_order': False") else {
      throw fail("rows one after another", "columns one after another")
    }
    let shape = Self.shape(in: text)
    guard shape.count == 2, shape[1] > 0 else {
      throw fail("a matrix of rows", "\(shape.count) dimensions")
    }
    (rows, columns) = (shape[0], shape[1])
  }

  /// The value of a key that is text.
  private static func value(_ key: String, in text: String) -> String? {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    guard let place = parts.firstIndex(where: { $0 == key }), place + 2 < parts.count else {
      return nil
    }
    return String(parts[place + 2])
  }

  private static func shape(in text: String) -> [Int] {
    guard let key = text.firstRange(of: "'shape': ("),
      let end = text[key.upperBound...].firstIndex(of: ")")
    else { return [] }
    return text[key.upperBound..<end].split(separator: ",").compactMap { part in
      Int(part.filter { $0 != " " })
    }
  }
}
