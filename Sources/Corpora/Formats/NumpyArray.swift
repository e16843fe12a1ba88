// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An array that NumPy saved (`.npy`), in row-major order: its shape, and its numbers or strings as bytes.
///
/// Reads what language databases are published as: little-endian `f4` and `f8`, and fixed-width Unicode (`U`).
struct NumpyArray {
  /// The lengths of the axes.
  let shape: [Int]

  private enum Element { case float32, float64, unicode(length: Int) }

  private let file: String
  private let element: Element
  private let data: Data
  private let start: Int

  /// Opens a file; its numbers stay on disk until they are asked for.
  ///
  /// - Throws: `CorpusError.Code.file` where it cannot be read, `.format` where it is no such array.
  init(contentsOf url: URL) throws(CorpusError) {
    file = url.path
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw CorpusError(.file, "the file cannot be read", at: url.path)
    }
    self.data = data
    func fault(_ what: String) -> CorpusError {
      CorpusError(
        .format, "the file is no NumPy array that can be read", found: what, at: url.path)
    }
    guard data.count > 10, Array(data.prefix(6)) == [0x93] + Array("NUMPY".utf8) else {
      throw fault("other bytes at its start")
    }
    let lengthBytes = data[6] > 1 ? 4 : 2
    guard data.count > 8 + lengthBytes else { throw fault("a cut header") }
    var length = 0
    for place in 0..<lengthBytes { length |= Int(data[8 + place]) << (8 * place) }
    start = 8 + lengthBytes + length
    guard data.count >= start else { throw fault("a cut header") }
    let header = String(decoding: data[(8 + lengthBytes)..<start], as: UTF8.self)
    guard header.contains("'fortran_order': False") else { throw fault("columns first") }
    func text(between first: String, and last: String) -> Substring? {
      guard let from = header.range(of: first)?.upperBound,
        let to = header.range(of: last, range: from..<header.endIndex)?.lowerBound
      else { return nil }
      return header[from..<to]
    }
    let size: Int
    switch text(between: "'descr': '", and: "'") {
    case "<f4"?: (element, size) = (.float32, 4)
    case "<f8"?: (element, size) = (.float64, 8)
    case let name?:
      guard name.hasPrefix("<U"), let width = Int(name.dropFirst(2)), width > 0 else {
        throw fault("elements '\(name)'")
      }
      (element, size) = (.unicode(length: width), 4 * width)
    case nil: throw fault("a header without its elements' type")
    }
    guard let axes = text(between: "'shape': (", and: ")") else {
      throw fault("a header without a shape")
    }
    shape = axes.split(separator: ",").compactMap {
      Int($0.filter { $0 != " " && $0 != "L" })
    }
    let count = shape.reduce(1, *)
    guard data.count - start == count * size else {
      throw fault("\(data.count - start) bytes for \(count) elements of \(size)")
    }
  }

  /// The elements as text, where they are text.
  func strings() throws(CorpusError) -> [String] {
    guard case .unicode(let length) = element else {
      throw CorpusError(.format, "expected an array of text, found numbers", at: file)
    }
    return data.withUnsafeBytes { bytes in
      (0..<shape.reduce(1, *)).map { index in
        var text = String.UnicodeScalarView()
        for place in 0..<length {
          let value = bytes.loadUnaligned(
            fromByteOffset: start + 4 * (index * length + place), as: UInt32.self)
          guard value != 0, let scalar = Unicode.Scalar(value) else { break }
          text.append(scalar)
        }
        return String(text)
      }
    }
  }

  /// Elements of an array of numbers, by their places in row-major order.
  func numbers(_ range: Range<Int>) throws(CorpusError) -> [Float] {
    precondition(range.upperBound <= shape.reduce(1, *), "there are so many elements")
    switch element {
    case .float32:
      return data.withUnsafeBytes { bytes in
        range.map { bytes.loadUnaligned(fromByteOffset: start + 4 * $0, as: Float.self) }
      }
    case .float64:
      return data.withUnsafeBytes { bytes in
        range.map { Float(bytes.loadUnaligned(fromByteOffset: start + 8 * $0, as: Double.self)) }
      }
    case .unicode: throw CorpusError(.format, "expected an array of numbers, found text", at: file)
    }
  }
}
