// SPDX-License-Identifier: Apache-2.0

internal import CTorch

/// One of libtorch's registered operators, found by name at its first call.
///
///     static let addmm = Operator("aten::addmm")
///     let y = try addmm(bias, x, weight)
///
/// Arguments that are left out take the operator's own defaults.
struct Operator: @unchecked Sendable {
  let name: String
  // Resolved handles are immutable and live as long as the process, hence the unchecked conformance.
  private let reference: OpaquePointer?

  init(_ name: String, _ overload: String = "") {
    self.name = overload.isEmpty ? name : "\(name).\(overload)"
    var found: OpaquePointer?
    reference = ctorch_operator_find(name, overload, &found) == 0 ? found : nil
  }

  /// Calls an operator that returns one tensor.
  func callAsFunction(_ arguments: any OperatorArgument...) throws(TorchError) -> Tensor {
    guard let first = try call(arguments).first else {
      throw TorchError(.operation, "expected a tensor, the operator returned nothing", at: name)
    }
    return first
  }

  /// Calls an operator and returns every tensor that it gives, in order.
  func all(_ arguments: any OperatorArgument...) throws(TorchError) -> [Tensor] {
    try call(arguments)
  }

  private func call(_ arguments: [any OperatorArgument]) throws(TorchError) -> [Tensor] {
    guard let reference else {
      throw TorchError(.engine, "this libtorch has no such operator", at: name)
    }
    var scratch = ArgumentScratch()
    defer { scratch.free() }
    let values = arguments.map { $0.value(in: &scratch) }
    return try withUnsafeTemporaryAllocation(of: ctorch_value.self, capacity: Self.resultLimit) {
      (results) throws(TorchError) -> [Tensor] in
      var count = 0
      try check(
        ctorch_operator_call(
          reference, values, values.count, results.baseAddress, results.count, &count),
        at: name)
      return results.prefix(count).compactMap { value in
        value.kind == CTORCH_TENSOR ? Tensor(owning: value.tensor) : nil
      }
    }
  }

  /// More than any operator in use returns, lists spread out.
  private static let resultLimit = 512
}

/// Something that an operator takes.
protocol OperatorArgument {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value
}

/// Memory that arguments point into during one call.
struct ArgumentScratch {
  private var blocks: [UnsafeMutableRawPointer] = []

  mutating func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
    let block = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    block.initialize(from: elements, count: elements.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return UnsafePointer(block)
  }

  func free() {
    for block in blocks { block.deallocate() }
  }
}

extension Tensor: OperatorArgument {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value {
    var value = ctorch_value()
    value.kind = CTORCH_TENSOR
    value.tensor = reference
    return value
  }
}

extension Optional: OperatorArgument where Wrapped: OperatorArgument {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value {
    self?.value(in: &scratch) ?? ctorch_value()
  }
}

extension Int: OperatorArgument {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value {
    var value = ctorch_value()
    value.kind = CTORCH_INT
    value.integer = Int64(self)
    return value
  }
}

extension Double: OperatorArgument {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value {
    var value = ctorch_value()
    value.kind = CTORCH_DOUBLE
    value.real = self
    return value
  }
}

extension Bool: OperatorArgument {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value {
    var value = ctorch_value()
    value.kind = CTORCH_BOOL
    value.boolean = self
    return value
  }
}

extension DType: OperatorArgument {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value {
    Int(rawValue).value(in: &scratch)
  }
}

extension String: OperatorArgument {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value {
    var value = ctorch_value()
    value.kind = CTORCH_STRING
    value.count = utf8.count
    value.string = scratch.copy(utf8.map(CChar.init(bitPattern:)))
    return value
  }
}

extension Array: OperatorArgument where Element: OperatorArgumentElement {
  func value(in scratch: inout ArgumentScratch) -> ctorch_value {
    Element.list(self, in: &scratch)
  }
}

/// Something that an operator takes lists of.
protocol OperatorArgumentElement {
  static func list(_ elements: [Self], in scratch: inout ArgumentScratch) -> ctorch_value
}

extension Int: OperatorArgumentElement {
  static func list(_ elements: [Int], in scratch: inout ArgumentScratch) -> ctorch_value {
    var value = ctorch_value()
    value.kind = CTORCH_INTS
    value.count = elements.count
    value.integers = scratch.copy(elements.map(Int64.init))
    return value
  }
}

extension Double: OperatorArgumentElement {
  static func list(_ elements: [Double], in scratch: inout ArgumentScratch) -> ctorch_value {
    var value = ctorch_value()
    value.kind = CTORCH_DOUBLES
    value.count = elements.count
    value.reals = scratch.copy(elements)
    return value
  }
}

extension Tensor: OperatorArgumentElement {
  static func list(_ elements: [Tensor], in scratch: inout ArgumentScratch) -> ctorch_value {
    var value = ctorch_value()
    value.kind = CTORCH_TENSORS
    value.count = elements.count
    value.tensors = scratch.copy(elements.map { Optional($0.reference) })
    return value
  }
}
