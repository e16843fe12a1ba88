// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The formats of files of vectors.
public enum VectorFormat: String, Sendable, Hashable, CaseIterable {
  /// Text: a header, then a word and its numbers a line (`.vec`, `.txt`).
  case text
  /// word2vec's binary file: a header as text, then words and numbers in binary.
  case word2vec
  /// Koine's mapped file, which opens at once whatever its size (`.vectors`).
  case mapped
  /// A model of fastText's (`.bin`, `.ftz`); it is read, and written by training only.
  case fastText
}

extension VectorFormat {
  /// The format of a file, told from its content.
  ///
  /// - Throws: `WordVectorError.Code.file` where it cannot be read.
  public init(ofFile path: String) throws(WordVectorError) {
    // A stream cannot be looked at twice, and what is packed is text.
    guard path != "-", !path.hasSuffix(".gz") else {
      self = .text
      return
    }
    let file = try MappedFile(path)
    self = withExtendedLifetime(file) { VectorTable.format(of: file.bytes) }
  }
}

extension VectorTable {
  /// Reads a file of any format, told from its content.
  ///
  /// A mapped file opens at once; of the others as many vectors are read as `reading` says.
  ///
  /// - Throws: `WordVectorError.Code.file` where it cannot be read, `.format` where it is none of the formats or has
  ///   faults that are not to be passed over, with the line or the number of the vector.
  public init(
    contentsOf path: String, reading: VectorReading = VectorReading()
  ) throws(WordVectorError) {
    let file = try MappedFile(path)
    switch Self.format(of: file.bytes) {
    case .mapped:
      let table = try MappedVectors.open(file, name: path)
      self = reading.limit.map { table.prefix($0) } ?? table
    case .fastText:
      self.init(try FastTextModel(contentsOf: path), reading: reading)
    case .word2vec:
      var reader = BinaryReader(file, name: path)
      self = try WordVectorFile.read(&reader, reading)
    case .text:
      var parser = VectorTextParser(name: path, reading: reading)
      let bytes = file.bytes.bindMemory(to: UInt8.self)
      for start in stride(from: 0, to: bytes.count, by: 1 << 26) where !parser.isFull {
        try parser.append(
          UnsafeBufferPointer(rebasing: bytes[start..<min(start + 1 << 26, bytes.count)]))
        file.release(start..<min(start + 1 << 26, bytes.count))
      }
      self = try parser.finish()
    }
  }

  /// Reads vectors as text from somewhere that gives it in pieces, an empty one at its end: standard input, a packed file.
  public init(
    text name: String, reading: VectorReading = VectorReading(), next: () throws -> [UInt8]
  ) throws {
    var parser = VectorTextParser(name: name, reading: reading)
    while !parser.isFull {
      let piece = try next()
      guard !piece.isEmpty else { break }
      let copy = MemoryCopy(piece)
      try parser.append(UnsafeBufferPointer(start: copy.start, count: copy.count))
    }
    self = try parser.finish()
  }

  /// The words of a model, each with the mean of its row and those of its n-grams.
  public init(_ model: FastTextModel, reading: VectorReading = VectorReading()) {
    let count = min(model.dictionary.wordCount, reading.limit ?? .max)
    let dimension = model.dimension
    var text: [UInt8] = []
    var starts: [Int64] = [0]
    for index in 0..<count {
      text += model.dictionary.bytes(index)
      starts.append(Int64(text.count))
    }
    let words = WordList(text: text, starts: starts)
    let buffer = FloatBuffer(count: count * dimension)
    nonisolated(unsafe) let start = buffer.start
    parallelRanges(count, threads: reading.threads) { range in
      let rows = GrowingBuffer<Int32>()
      for index in range {
        model.features.extract(word: words.bytes(index), rows)
        model.input.mean(UnsafeBufferPointer(rows.elements), into: start + index * dimension)
      }
    }
    self.init(unchecked: words, VectorMatrix(buffer, rows: count, columns: dimension))
  }

  /// What a file is, by its first bytes.
  static func format(of bytes: UnsafeRawBufferPointer) -> VectorFormat {
    if bytes.count >= 8, bytes.prefix(8).elementsEqual(MappedVectors.magic) { return .mapped }
    if bytes.count >= 4, bytes.loadUnaligned(as: Int32.self) == ModelArguments.magic {
      return .fastText
    }
    return WordVectorFile.isBinary(bytes) ? .word2vec : .text
  }
}
