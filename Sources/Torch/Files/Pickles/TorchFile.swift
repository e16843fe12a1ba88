// SPDX-License-Identifier: Apache-2.0

internal import CTorch
import Foundation

/// A file of named tensors that `torch.save` wrote: `pytorch_model.bin`, `adapter_model.bin`.
///
/// It is a zip file with a pickle and the tensors' elements. The pickle is read, never executed: code in it does not
/// run. Elements are mapped, as in ``SafetensorsFile``. Files of PyTorch before 1.6, which are no zip files, are refused.
public final class TorchFile {
  /// The file's place.
  public let url: URL
  /// The tensors' names, sorted.
  public let names: [String]

  private let file: MappedFile
  private let members: [String: Range<Int>]
  private let root: String
  private let tensors: [String: PickledTensor]

  /// Opens a file and reads which tensors it has.
  public init(_ url: URL) throws(TorchError) {
    self.url = url
    file = try MappedFile(url)
    guard let archive = try ZipArchive(file.bytes, path: url.path) else {
      throw TorchError(
        .format,
        "expected a file of torch.save since PyTorch 1.6 (a zip file), found another format; "
          + "open it with PyTorch and save it as safetensors", at: url.path)
    }
    members = archive.members
    guard let pickle = members.keys.filter({ $0.hasSuffix("/data.pkl") }).min(),
      let range = members[pickle]
    else { throw TorchError(.format, "the zip file has no data.pkl", at: url.path) }
    root = String(pickle.dropLast("data.pkl".count))
    if let order = members[root + "byteorder"], !file.bytes[order].elementsEqual("little".utf8) {
      throw TorchError(
        .format, "its numbers are big-endian, which Koine does not read", at: url.path)
    }
    var reader = PickleReader(UnsafeRawBufferPointer(rebasing: file.bytes[range]), path: url.path)
    var found: [String: PickledTensor] = [:]
    Self.collect(try reader.read(), "", &found)
    guard !found.isEmpty else {
      throw TorchError(.format, "expected a dictionary of tensors, found none", at: url.path)
    }
    tensors = found
    names = found.keys.sorted()
    for name in names { try check(name) }
  }

  /// Tensors of a dictionary, of one in it (`state_dict`), by their path.
  private static func collect(
    _ value: PickleReader.Value, _ path: String, _ found: inout [String: PickledTensor]
  ) {
    switch value {
    case .tensor(let tensor): found[path] = tensor
    case .dictionary(let box):
      for (key, value) in box.contents {
        guard case .string(let name) = key else { continue }
        if case .dictionary = value {
          // A training's checkpoint keeps the weights one level down; its other parts are not weights.
          if name == "state_dict" || name == "model" { collect(value, path, &found) }
        } else {
          collect(value, path.isEmpty ? name : "\(path).\(name)", &found)
        }
      }
    default: break
    }
  }

  private func check(_ name: String) throws(TorchError) {
    guard let tensor = tensors[name] else { return }
    func malformed(_ what: String) -> TorchError {
      TorchError(
        .format, "tensor '\(name)' \(what); the file is truncated or damaged", at: url.path)
    }
    guard tensor.offset >= 0, tensor.shape.allSatisfy({ $0 >= 0 }),
      tensor.strides.allSatisfy({ $0 >= 0 })
    else { throw malformed("has impossible sizes") }
    guard let range = members["\(root)data/\(tensor.storage.key)"] else {
      throw malformed("refers to elements that are not there")
    }
    let size = tensor.storage.dtype.byteCount
    var last = tensor.offset
    for (extent, stride) in zip(tensor.shape, tensor.strides) {
      let (way, overflow) = max(0, extent - 1).multipliedReportingOverflow(by: stride)
      guard !overflow, last <= Int.max - way else { throw malformed("has impossible sizes") }
      last += way
    }
    let isEmpty = tensor.shape.contains(0)
    guard isEmpty || last < range.count / size else {
      throw malformed("ends at element \(last), of \(range.count / size)")
    }
  }

  /// A tensor's shape, or nil where there is none of this name.
  public func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

  /// A tensor by name, on the mapped memory where its elements stand in order.
  public func tensor(_ name: String) throws(TorchError) -> Tensor {
    guard let tensor = tensors[name], let range = members["\(root)data/\(tensor.storage.key)"]
    else { throw TorchError(.format, "there is no tensor '\(name)' in the file", at: url.path) }
    let dtype = tensor.storage.dtype
    let count = tensor.shape.reduce(1, *)
    var expected = 1
    let isInOrder = zip(tensor.shape, tensor.strides).reversed().allSatisfy { extent, stride in
      defer { expected *= extent }
      return extent <= 1 || stride == expected
    }
    let start = range.lowerBound + tensor.offset * dtype.byteCount
    guard !isInOrder || count == 0 else {
      return try file.tensor(at: start, dtype, tensor.shape)
    }
    // Elements in another order, as of a transposed matrix, are put in order.
    var elements = [UInt8](repeating: 0, count: count * dtype.byteCount)
    var index = [Int](repeating: 0, count: tensor.shape.count)
    for element in 0..<count {
      let place = zip(index, tensor.strides).reduce(0) { $0 + $1.0 * $1.1 }
      for byte in 0..<dtype.byteCount {
        elements[element * dtype.byteCount + byte] =
          file.bytes[start + place * dtype.byteCount + byte]
      }
      for axis in tensor.shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < tensor.shape[axis] { break }
        index[axis] = 0
      }
    }
    var result: OpaquePointer?
    let shape = tensor.shape.map(Int64.init)
    let status = elements.withUnsafeBytes { bytes in
      ctorch_tensor_from_bytes(
        bytes.baseAddress, bytes.count, dtype.rawValue, shape, shape.count, &result)
    }
    try Torch.check(status, at: url.path)
    guard let result else { throw TorchError(.operation, "the engine gave no tensor") }
    return Tensor(owning: result)
  }
}
