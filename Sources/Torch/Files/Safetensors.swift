// SPDX-License-Identifier: Apache-2.0

internal import CTorch
import Foundation

/// A file of named tensors in the safetensors format, mapped: opening costs its header, reading a tensor
/// costs nothing until its elements are touched.
///
/// The layout: 8 bytes with the header's length (little endian), the header in JSON, the tensors' bytes.
/// Tensors share the mapping, which lives as long as any of them; copy before changing one in place
/// (changes would not reach the file, but would show in other tensors read from it).
public final class SafetensorsFile {
  /// Where a tensor stands in the file.
  struct Entry: Decodable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// The file's place.
  public let url: URL
  /// Free text that the writer left, `__metadata__`.
  public let metadata: [String: String]
  /// The tensors' names, sorted.
  public let names: [String]

  private let entries: [String: Entry]
  private let file: MappedFile
  private let dataStart: Int

  /// Opens a file and checks that its header fits its length.
  public init(_ url: URL) throws(TorchError) {
    self.url = url
    file = try MappedFile(url)
    let path = url.path
    let size = file.bytes.count
    func malformed(_ message: String) -> TorchError { TorchError(.format, message, at: path) }

    guard size >= 8 else {
      throw malformed("expected a safetensors file, found \(size) bytes; is the download complete?")
    }
    let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard length <= 100 << 20, 8 + Int(length) <= size else {
      throw malformed(
        "expected a safetensors header, found one of \(length) bytes in a file of \(size); "
          + "the file is truncated or of another format")
    }
    dataStart = 8 + Int(length)
    let header: Header
    do {
      header = try JSONDecoder().decode(
        Header.self, from: Data(UnsafeRawBufferPointer(rebasing: file.bytes[8..<dataStart])))
    } catch {
      throw malformed("the safetensors header is not the JSON object that it should be")
    }
    metadata = header.metadata
    entries = header.entries
    names = header.entries.keys.sorted()

    var total = 0
    for name in names {
      guard let entry = entries[name] else { continue }
      guard let dtype = DType(safetensorsName: entry.dtype) else {
        throw malformed("tensor '\(name)' has the type \(entry.dtype), which Koine does not read")
      }
      guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0,
        entry.data_offsets[0] <= entry.data_offsets[1], entry.shape.allSatisfy({ $0 >= 0 })
      else {
        throw malformed("tensor '\(name)' has impossible offsets or sizes")
      }
      guard entry.data_offsets[1] <= size - dataStart else {
        throw malformed(
          "tensor '\(name)' ends at byte \(dataStart + entry.data_offsets[1]), the file at \(size); "
            + "the file is truncated, fetch it again")
      }
      var expected = dtype.byteCount
      for extent in entry.shape {
        let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
        guard !overflow else { throw malformed("tensor '\(name)' has an impossible shape") }
        expected = product
      }
      guard entry.data_offsets[1] - entry.data_offsets[0] == expected else {
        throw malformed(
          "tensor '\(name)' of shape \(entry.shape) takes \(expected) bytes, "
            + "the header gives it \(entry.data_offsets[1] - entry.data_offsets[0])")
      }
      total += expected
    }
    guard total <= size - dataStart else { throw malformed("tensors overlap") }
  }

  /// The shape of a tensor, or nil when there is none of that name.
  public func shape(_ name: String) -> [Int]? { entries[name]?.shape }

  /// A tensor by name, on the mapped memory.
  public func tensor(_ name: String) throws(TorchError) -> Tensor {
    guard let entry = entries[name], let dtype = DType(safetensorsName: entry.dtype) else {
      throw TorchError(.format, "there is no tensor '\(name)' in the file", at: url.path)
    }
    return try file.tensor(at: dataStart + entry.data_offsets[0], dtype, entry.shape)
  }

  /// Whether no element of a tensor is infinite or not a number.
  ///
  /// Large tensors are read piece by piece from the file, not through the mapping, so that their pages do not stay
  /// in memory.
  public func isFinite(_ name: String) throws(TorchError) -> Bool {
    guard let entry = entries[name], let dtype = DType(safetensorsName: entry.dtype) else {
      throw TorchError(.format, "there is no tensor '\(name)' in the file", at: url.path)
    }
    guard dtype.isFloatingPoint else { return true }
    let (start, end) = (entry.data_offsets[0], entry.data_offsets[1])
    guard end - start > Self.pieceSize else { return try Self.isFinite(tensor(name)) }
    for offset in stride(from: start, to: end, by: Self.pieceSize) {
      let count = min(Self.pieceSize, end - offset)
      let piece = try file.read(dataStart + offset, count)
      var result: OpaquePointer?
      let status = piece.withUnsafeBytes { bytes in
        ctorch_tensor_from_bytes(
          bytes.baseAddress, count, dtype.rawValue, [Int64(count / dtype.byteCount)], 1, &result)
      }
      try check(status, at: url.path)
      if let result, try !Self.isFinite(Tensor(owning: result)) { return false }
    }
    return true
  }

  private static let pieceSize = 1 << 22

  /// A sum of finite numbers hardly ever overflows, and one of others is never finite; it is fast to make.
  private static func isFinite(_ tensor: Tensor) throws(TorchError) -> Bool {
    if tensor.count == 0 { return true }
    if try tensor.converted(to: .float32).sum().item().isFinite { return true }
    return try tensor.isFinite()
  }

  private struct Header: Decodable {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyKey.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension DType {
  private static let safetensorsNames: [(DType, String)] = [
    (.float32, "F32"), (.float16, "F16"), (.bfloat16, "BF16"), (.float64, "F64"), (.int64, "I64"),
    (.int32, "I32"), (.int16, "I16"), (.int8, "I8"), (.uint8, "U8"), (.bool, "BOOL"),
  ]

  init?(safetensorsName: String) {
    guard let found = Self.safetensorsNames.first(where: { $0.1 == safetensorsName }) else {
      return nil
    }
    self = found.0
  }

  var safetensorsName: String? { Self.safetensorsNames.first { $0.0 == self }?.1 }
}
