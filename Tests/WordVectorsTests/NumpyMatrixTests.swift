// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

@Suite struct NumpyMatrixTests {
  private func write(
    _ numbers: Data, type: String, order: String = "False", shape: String = "(2, 3)", cut: Int = 0
  ) throws -> String {
    var header = Data("{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }".utf8)
    header += Data(repeating: 32, count: 117 - header.count) + Data("\n".utf8)
    let path = NSTemporaryDirectory() + "matrix-\(UUID().uuidString).npy"
    let data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]) + header + numbers
    try data.dropLast(cut).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func bytes<Number>(_ numbers: [Number]) -> Data {
    numbers.withUnsafeBytes { Data($0) }
  }

  @Test("matrices of half, single and double precision are read")
  func precisions() throws {
    let numbers: [Float] = [1, 2, 3.5, -4, 0.25, 6]
    for (data, type) in [
      (bytes(numbers), "<f4"), (bytes(numbers.map(Float16.init)), "<f2"),
      (bytes(numbers.map(Double.init)), "<f8"),
    ] {
      let path = try write(data, type: type)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let matrix = try VectorMatrix(numpy: path)
      #expect(matrix.rows == 2 && matrix.columns == 3)
      #expect(withExtendedLifetime(matrix) { Array(matrix.elements) } == numbers)
    }
  }

  @Test("what is no such matrix is refused with the file's name")
  func refusals() throws {
    let six = bytes([Float](repeating: 1, count: 6))
    for path in [
      try write(six, type: "<i4"), try write(six, type: "<f4", order: "True"),
      try write(six, type: "<f4", shape: "(6,)"), try write(six, type: "<f4", shape: "(3, 3)"),
      try write(six, type: "<f4", shape: "(1, 3)"), try write(six, type: "<f4", cut: 1),
      try write(six, type: "<f4", cut: 140),
    ] {
      defer { try? FileManager.default.removeItem(atPath: path) }
      do {
        _ = try VectorMatrix(numpy: path)
        Issue.record("it was read")
      } catch { #expect("\(error)".hasPrefix(path)) }
    }
  }
}
