// SPDX-License-Identifier: Apache-2.0

/// Gathers little-endian numbers and hands them on in pieces.
struct BinaryWriter {
  private static let pieceSize = 1 << 18

  private var piece: [UInt8] = []
  private let sink: ([UInt8]) throws -> Void

  init(_ sink: @escaping ([UInt8]) throws -> Void) {
    self.sink = sink
    piece.reserveCapacity(Self.pieceSize)
  }

  mutating func append(_ number: some BitwiseCopyable) throws {
    withUnsafeBytes(of: number) { piece.append(contentsOf: $0) }
    if piece.count >= Self.pieceSize { try flush() }
  }

  mutating func append(contentsOf bytes: some Sequence<UInt8>) throws {
    piece.append(contentsOf: bytes)
    if piece.count >= Self.pieceSize { try flush() }
  }

  mutating func flush() throws {
    try sink(piece)
    piece.removeAll(keepingCapacity: true)
  }
}
