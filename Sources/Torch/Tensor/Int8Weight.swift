// SPDX-License-Identifier: Apache-2.0

internal import CTorch

/// A linear map's weight in 8 bits, one scale for each output, with its bias, laid out for products without gradients.
///
/// Inputs are quantised as they come, each row by its own least and greatest number, products are added up as integers, and
/// the sums are scaled once. All kernels add up the same integers.
public struct Int8Weight {
  /// The ways to multiply, slowest first.
  public enum Kernel: Int32, Sendable, CaseIterable, Comparable {
    /// Plain code for any processor, slower than single precision.
    case portable = 0
    /// 16-bit products of AVX2; about as fast as single precision.
    case avx2 = 1
    /// AVX-512 with VNNI, about four times as fast as single precision.
    case vnni = 2

    /// The fastest that this processor has.
    public static let best = Kernel(rawValue: ctorch_int8_best_kernel()) ?? .portable

    /// Whether the first is the slower one.
    public static func < (left: Kernel, right: Kernel) -> Bool { left.rawValue < right.rawValue }
  }

  /// Width of what goes in.
  public let inputs: Int
  /// Width of what comes out.
  public let outputs: Int
  /// Values `[panels, inputs / 4, 64, 4]`, scales, biases and sums `[panels × 64]`.
  private let parts: [Tensor]

  /// Outputs that stand together; maps of a multiple of it can be joined.
  public static let panelWidth = 64

  /// Quantises a weight `[outputs, inputs]` as it is now, with its bias `[outputs]`.
  ///
  /// Each output's greatest weight becomes ±127.
  ///
  /// - Throws: `TorchError` for a weight that is not finite.
  public init(_ weight: Tensor, bias: Tensor?) throws(TorchError) {
    var results = [OpaquePointer?](repeating: nil, count: 4)
    try check(
      ctorch_int8_pack(weight.reference, bias?.reference, &results), at: "int8 weight")
    self.init(
      inputs: weight.shape[1], outputs: weight.shape[0],
      parts: results.compactMap { $0.map(Tensor.init(owning:)) })
  }

  private init(inputs: Int, outputs: Int, parts: [Tensor]) {
    (self.inputs, self.outputs, self.parts) = (inputs, outputs, parts)
  }

  /// Bytes that it takes.
  public var byteCount: Int { parts.reduce(0) { $0 + $1.count * ($1.dtype?.byteCount ?? 1) } }

  /// `x Wᵀ + b`, then `activation`, then plus `residual`.
  ///
  /// - Parameters:
  ///   - input: `[..., inputs]` in single precision.
  ///   - activation: applied to the sum; none by default.
  ///   - residual: `[..., outputs]`, added after the activation.
  ///   - kernel: how to multiply; the fastest by default.
  /// - Returns: `[..., outputs]`; a row whose input is not finite is not a number.
  public func callAsFunction(
    _ input: Tensor, activation: Tensor.Activation? = nil, adding residual: Tensor? = nil,
    kernel: Kernel = .best
  ) throws(TorchError) -> Tensor {
    guard !GradientMode.isEnabled else {
      throw TorchError(
        .operation, "int8 weights have no gradients; train the body that they were made from",
        at: "int8 product")
    }
    var result: OpaquePointer?
    let parts = parts.map { Optional($0.reference) }
    try check(
      ctorch_int8_linear(
        input.reference, parts, Int64(outputs), activation?.number ?? 0, residual?.reference,
        kernel.rawValue, &result), at: "int8 product")
    guard let result else { throw TorchError(.operation, "no result", at: "int8 product") }
    return Tensor(owning: result)
  }

  /// Several maps of one input as one, whose outputs stand side by side; nil where a width is no multiple of
  /// ``panelWidth``.
  public static func joined(_ maps: [Int8Weight]) throws(TorchError) -> Int8Weight? {
    guard let first = maps.first, maps.allSatisfy({ $0.outputs % panelWidth == 0 }),
      maps.allSatisfy({ $0.inputs == first.inputs })
    else { return nil }
    var parts: [Tensor] = []
    for index in first.parts.indices {
      parts.append(try .concatenated(maps.map { $0.parts[index] }))
    }
    return Int8Weight(
      inputs: first.inputs, outputs: maps.reduce(0) { $0 + $1.outputs }, parts: parts)
  }

  /// Some of its outputs as a map of their own, which shares its memory; `range` begins and ends at multiples of
  /// ``panelWidth``.
  public func narrowed(to range: Range<Int>) throws(TorchError) -> Int8Weight {
    precondition(range.lowerBound % Self.panelWidth == 0 && range.upperBound % Self.panelWidth == 0)
    var narrowed: [Tensor] = []
    for (index, part) in parts.enumerated() {
      let unit = index == 0 ? Self.panelWidth : 1
      narrowed.append(
        try part.narrowed(0, start: range.lowerBound / unit, length: range.count / unit))
    }
    return Int8Weight(inputs: inputs, outputs: range.count, parts: narrowed)
  }
}

extension Tensor.Activation {
  /// The shim's number for it.
  var number: Int32 {
    switch self {
    case .gelu: 1
    case .relu: 2
    case .tanh: 3
    case .geluTanh: 4
    case .silu: 5
    }
  }
}
