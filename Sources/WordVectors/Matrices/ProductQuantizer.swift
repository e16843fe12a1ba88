// SPDX-License-Identifier: Apache-2.0

/// Stands for parts of a vector by one byte each: the nearest of 256 centroids of that part.
///
/// Jégou, Douze and Schmid: Product quantization for nearest neighbor search (2011).
struct ProductQuantizer: Sendable {
  /// How many centroids a part has.
  static let centroidCount = 256

  /// Numbers in a vector.
  let dimension: Int
  /// Numbers in a part, save the last.
  let partSize: Int
  /// Numbers in the last part.
  let lastPartSize: Int
  /// Parts in a vector.
  let partCount: Int
  /// All centroids: of the first part, of the second, and so on.
  var centroids: [Float]

  /// Parts of so many numbers; the last takes what is left.
  init(dimension: Int, partSize: Int) {
    self.dimension = dimension
    self.partSize = partSize
    let rest = dimension % partSize
    partCount = dimension / partSize + (rest == 0 ? 0 : 1)
    lastPartSize = rest == 0 ? partSize : rest
    centroids = [Float](repeating: 0, count: dimension * Self.centroidCount)
  }

  /// Reads the quantiser of a model file, which must be for vectors of a size.
  init(
    _ reader: inout BinaryReader, _ what: String, dimension expected: Int
  ) throws(WordVectorError) {
    let dimension = Int(try reader.next(Int32.self))
    let parts = Int(try reader.next(Int32.self))
    let size = Int(try reader.next(Int32.self))
    let last = Int(try reader.next(Int32.self))
    guard dimension == expected, size >= 1, (1...size).contains(last), parts >= 1,
      (parts - 1) * size + last == dimension
    else {
      throw reader.malformed(
        "the quantiser of \(what)", expected: "parts that make up \(expected) numbers",
        found: "\(parts) of \(size), the last of \(last), for \(dimension)")
    }
    let count = dimension * Self.centroidCount
    let place = try reader.take(count, of: 4, "the quantiser of \(what)")
    self.dimension = dimension
    partCount = parts
    partSize = size
    lastPartSize = last
    centroids = (0..<count).map {
      reader.file.bytes.loadUnaligned(fromByteOffset: place + $0 * 4, as: Float.self)
    }
  }

  /// How many numbers a part has.
  @inline(__always) func size(ofPart part: Int) -> Int {
    part == partCount - 1 ? lastPartSize : partSize
  }

  /// Where a part's centroid begins.
  @inline(__always) func place(ofPart part: Int, code: Int) -> Int {
    part * Self.centroidCount * partSize + code * size(ofPart: part)
  }

  /// Adds the vector that codes stand for, times a number.
  @inline(__always) func add(
    _ codes: UnsafePointer<UInt8>, times scale: Float, to vector: UnsafeMutablePointer<Float>
  ) {
    centroids.withUnsafeBufferPointer { centroids in
      var target = vector
      for part in 0..<partCount {
        let place = place(ofPart: part, code: Int(codes[part]))
        let size = size(ofPart: part)
        for index in 0..<size { target[index] += scale * centroids[place + index] }
        target += size
      }
    }
  }

  /// Writes the quantiser as fastText does.
  func write(to sink: inout BinaryWriter) throws {
    for number in [dimension, partCount, partSize, lastPartSize] { try sink.append(Int32(number)) }
    for centroid in centroids { try sink.append(centroid) }
  }
}
