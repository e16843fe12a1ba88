// SPDX-License-Identifier: Apache-2.0

/// Writes words and vectors in a format, rows in their order, and holds no more than some of them.
public struct VectorTableWriter {
  /// The format.
  public let format: VectorFormat
  /// Digits behind the point in text; nil for as few as name the number and no other.
  public let decimals: Int?
  private let words: WordList
  private let dimension: Int
  private var writer: BinaryWriter
  private var row = 0

  /// Begins a file of these words; `sink` takes its bytes.
  ///
  /// - Throws: `WordVectorError.Code.unsupported` for a model of fastText's, which more belongs to than words, `.argument`
  ///   for a word that the format cannot hold, and what `sink` throws.
  public init(
    _ format: VectorFormat, words: WordList, dimension: Int, decimals: Int? = nil,
    sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    guard format != .fastText else {
      throw WordVectorError(
        .unsupported, "a model of fastText's cannot be made of vectors alone",
        hint: "write text or word2vec's format")
    }
    if format == .word2vec || format == .text {
      for index in 0..<words.count {
        let word = words.bytes(index)
        let isHeld =
          !word.isEmpty && !word.contains(0x0a) && (format == .text || !word.contains(0x20))
        guard isHeld else {
          throw WordVectorError(
            .argument, "the format cannot hold the word '\(words[index])'",
            expected: "words without spaces and line feeds", hint: "write a mapped file")
        }
      }
    }
    self.format = format
    self.decimals = decimals
    self.words = words
    self.dimension = dimension
    writer = BinaryWriter(sink)
    switch format {
    case .text, .word2vec: try writer.append(contentsOf: "\(words.count) \(dimension)\n".utf8)
    case .mapped, .fastText: try writeHead()
    }
  }

  private mutating func writeHead() throws {
    try writer.append(contentsOf: MappedVectors.magic)
    try writer.append(MappedVectors.version)
    try writer.append(Int64(words.count))
    try writer.append(Int64(dimension))
    var size = 0
    for index in 0..<words.count { size += words.bytes(index).count }
    try writer.append(Int64(size))
    var place: Int64 = 0
    for index in 0..<words.count {
      try writer.append(place)
      place += Int64(words.bytes(index).count)
    }
    try writer.append(place)
    for index in 0..<words.count { try writer.append(contentsOf: words.bytes(index)) }
    let length = MappedVectors.magic.count + 32 + (words.count + 1) * 8 + size
    try writer.append(contentsOf: [UInt8](repeating: 0, count: (64 - length % 64) % 64))
  }

  /// Appends the vectors of the next words.
  public mutating func append(_ vectors: VectorMatrix) throws {
    precondition(vectors.columns == dimension, "vectors of one file have one length")
    precondition(row + vectors.rows <= words.count, "there are no words for the vectors")
    for index in 0..<vectors.rows {
      let vector = vectors[index]
      switch format {
      case .text:
        try writer.append(contentsOf: words.bytes(row))
        for number in vector {
          try writer.append(UInt8(0x20))
          if let decimals {
            try writer.append(contentsOf: Self.fixed(number, decimals))
          } else {
            var text = "\(number)"
            try text.withUTF8 { try writer.append(contentsOf: $0) }
          }
        }
        try writer.append(UInt8(0x0a))
      case .word2vec:
        try writer.append(contentsOf: words.bytes(row))
        try writer.append(UInt8(0x20))
        try writer.append(contentsOf: UnsafeRawBufferPointer(vector))
      case .mapped, .fastText: try writer.append(contentsOf: UnsafeRawBufferPointer(vector))
      }
      row += 1
    }
  }

  /// Hands on the last bytes; every word must have its vector by now.
  public mutating func finish() throws {
    precondition(row == words.count, "words are left without vectors")
    try writer.flush()
  }

  /// A number with so many digits behind the point, rounded to the nearest, halves to even.
  static func fixed(_ number: Float, _ decimals: Int) -> [UInt8] {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (Double(number) * scale).rounded(.toNearestOrEven)
    guard abs(scaled) < 1e15 else { return Array("\(number)".utf8) }
    var value = Int64(abs(scaled))
    var digits: [UInt8] = []
    for place in 0... {
      if place == decimals, decimals > 0 { digits.append(0x2e) }
      if place > decimals, value == 0 { break }
      if decimals == 0, place > 0, value == 0 { break }
      digits.append(0x30 + UInt8(value % 10))
      value /= 10
    }
    if scaled < 0 { digits.append(0x2d) }
    return digits.reversed()
  }
}

extension VectorTable {
  /// Hands a file of a format to `sink`, in pieces.
  ///
  /// - Throws: As ``VectorTableWriter`` does.
  public func write(
    _ format: VectorFormat, decimals: Int? = nil, to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    var writer = try VectorTableWriter(
      format, words: words, dimension: dimension, decimals: decimals, sink: sink)
    try writer.append(vectors)
    try writer.finish()
  }
}
