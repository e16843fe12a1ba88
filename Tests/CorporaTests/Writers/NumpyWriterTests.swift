// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("NumpyWriter")
struct NumpyWriterTests {
  @Test("writes the header of format 1.0, then the rows")
  func layout() throws {
    let folder = try TemporaryFolder()
    let writer = try NumpyWriter(folder.path("a.npy"), width: 2)
    try writer.append([1, 2, 3, 4])
    try writer.append([5, -0.5])
    try writer.finish()
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.path("a.npy")))
    #expect(data.count == 128 + 6 * 4)
    #expect(data.prefix(10) == Data([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]))
    let header = String(decoding: data[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"))
    #expect(header.hasSuffix("\n"))
    let numbers = data.dropFirst(128).withUnsafeBytes { bytes in
      (0..<6).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    #expect(numbers == [1, 2, 3, 4, 5, -0.5])
  }

  @Test("leaves nothing where it is not finished")
  func unfinished() throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try NumpyWriter(folder.path("a.npy"), width: 2)
      try writer.append([1, 2])
    }
    #expect(try folder.names().isEmpty)
  }
}
