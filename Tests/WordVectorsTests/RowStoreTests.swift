// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

@Suite struct RowStoreTests {
  @Test("rows are the same in memory and in a file without a name", arguments: [16, 64, 1 << 20])
  func rows(limit: Int) throws {
    var store = RowStore(dimension: 3, expecting: 2, memoryLimit: limit)
    for row in 0..<1000 {
      let vector = (0..<3).map { Float(row * 3 + $0) }
      try vector.withUnsafeBufferPointer {
        if let start = $0.baseAddress { try store.append(start) }
      }
    }
    let matrix = try store.finished()
    #expect(matrix.rows == 1000 && matrix.columns == 3)
    #expect(Array(matrix.elements) == (0..<3000).map(Float.init))
    matrix.release()
    #expect(matrix[999][2] == 2999)
  }

  @Test("pages that were let go of are read again")
  func release() throws {
    let file = try UnnamedFile()
    let bytes = [UInt8]((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try bytes.withUnsafeBytes { try file.append($0) }
    let mapped = try file.mapped()
    mapped.release(100..<90_000)
    mapped.release(0..<10)
    #expect(mapped.bytes.elementsEqual(bytes))
  }
}
