// SPDX-License-Identifier: Apache-2.0

/// The type of a tensor's elements; raw values are libtorch's own.
public enum DType: Int32, Sendable, CaseIterable {
  /// 8-bit unsigned integer.
  case uint8 = 0
  /// 8-bit signed integer.
  case int8 = 1
  /// 16-bit signed integer.
  case int16 = 2
  /// 32-bit signed integer.
  case int32 = 3
  /// 64-bit signed integer.
  case int64 = 4
  /// IEEE half precision.
  case float16 = 5
  /// IEEE single precision.
  case float32 = 6
  /// IEEE double precision.
  case float64 = 7
  /// Truth value, one byte.
  case bool = 11
  /// Brain floating point, 16 bits.
  case bfloat16 = 15

  /// Whether elements have a fraction, and may be infinite or not a number.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .float32, .float64, .bfloat16: true
    case .uint8, .int8, .int16, .int32, .int64, .bool: false
    }
  }

  /// Bytes that one element takes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }
}

/// A Swift type that tensors can be made of and copied out to.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The engine's name for the type.
  static var dtype: DType { get }
}

extension Float: TensorElement {
  /// Single precision.
  public static var dtype: DType { .float32 }
}
extension Double: TensorElement {
  /// Double precision.
  public static var dtype: DType { .float64 }
}
extension Int64: TensorElement {
  /// 64-bit integer, what indices are.
  public static var dtype: DType { .int64 }
}
extension Int32: TensorElement {
  /// 32-bit integer.
  public static var dtype: DType { .int32 }
}
extension UInt8: TensorElement {
  /// A byte.
  public static var dtype: DType { .uint8 }
}
extension Bool: TensorElement {
  /// A truth value.
  public static var dtype: DType { .bool }
}
