// SPDX-License-Identifier: Apache-2.0

internal import CTorch

/// A libtorch tensor: shape and element type are dynamic, and two variables may name one tensor.
///
/// It is a class because libtorch's tensors are references, and it is not `Sendable`: tensors live and
/// die on the compute thread (see ``Compute``).
public final class Tensor {
  let reference: OpaquePointer

  /// Takes over a reference that the shim handed out.
  init(owning reference: OpaquePointer) {
    self.reference = reference
  }

  deinit {
    ctorch_tensor_release(reference)
  }

  /// The sizes of the dimensions.
  public var shape: [Int] {
    (0..<ctorch_tensor_rank(reference)).map { Int(ctorch_tensor_size(reference, $0)) }
  }

  /// The number of dimensions.
  public var rank: Int { ctorch_tensor_rank(reference) }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The type of the elements, or nil for one that Koine has no name for.
  public var dtype: DType? { DType(rawValue: ctorch_tensor_dtype(reference)) }

  /// Whether elements stand row-major and without gaps in memory.
  public var isContiguous: Bool { ctorch_tensor_is_contiguous(reference) }

  /// How often the elements were changed in place: what was derived from them holds as long as it stands still.
  public var version: Int { Int(truncatingIfNeeded: ctorch_tensor_version(reference)) }

  /// Counts a change in place by an operator that does not: the fused optimisers.
  func noteChange() { ctorch_tensor_note_change(reference) }

  /// Tensors that are held at this moment; a test that sees it rise has found a leak.
  public static var liveCount: Int { Int(ctorch_live_tensor_count()) }
}

/// Turns a status of the shim into an error.
func check(_ status: ctorch_status, at location: String? = nil) throws(TorchError) {
  guard status != 0 else { return }
  // libtorch's messages go on with a note on where in its source they arose; the first line says all.
  let message = String(cString: ctorch_message())
  let sentence = message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? message
  throw TorchError(.operation, sentence, at: location)
}

extension Tensor {
  /// The first element of a contiguous CPU tensor.
  var address: UnsafeRawPointer? { ctorch_tensor_data(reference) }
}
