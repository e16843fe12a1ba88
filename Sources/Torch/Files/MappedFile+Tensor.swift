// SPDX-License-Identifier: Apache-2.0

internal import CTorch

extension MappedFile {
  /// Elements of the file as a tensor: mapped where they are aligned, copied where they are not.
  func tensor(at start: Int, _ dtype: DType, _ shape: [Int]) throws(TorchError) -> Tensor {
    let size = shape.reduce(dtype.byteCount, *)
    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + size)])
    let extents = shape.map(Int64.init)
    var result: OpaquePointer?
    if start % dtype.byteCount == 0, size > 0 {
      let context = Unmanaged.passRetained(self)
      let status = ctorch_tensor_from_memory(
        UnsafeMutableRawPointer(mutating: part.baseAddress), dtype.rawValue, extents, extents.count,
        { context in context.map { Unmanaged<MappedFile>.fromOpaque($0).release() } },
        context.toOpaque(), &result)
      if status != 0 { context.release() }
      try check(status, at: "tensor")
    } else {
      try check(
        ctorch_tensor_from_bytes(
          part.baseAddress, size, dtype.rawValue, extents, extents.count, &result), at: "tensor")
    }
    guard let result else { throw TorchError(.operation, "the engine gave no tensor") }
    return Tensor(owning: result)
  }
}
