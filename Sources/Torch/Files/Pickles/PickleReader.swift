// SPDX-License-Identifier: Apache-2.0

/// Reads the pickle of a dictionary of tensors (Python's pickle protocols 2 to 5), and runs nothing.
///
/// A pickle is a program for a stack machine that may call any function. Here the functions that rebuild tensors and
/// ordered dictionaries are understood by name; what any other would make is kept as ``Value/opaque(_:)`` and never made.
struct PickleReader {
  /// What a pickle is made of.
  indirect enum Value {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case tuple([Value])
    case list(Box<[Value]>)
    case dictionary(Box<[(key: Value, value: Value)]>)
    case global(String)
    case storage(Storage)
    case tensor(PickledTensor)
    case opaque(String)
    case mark
  }

  /// A collection that is filled after it was remembered.
  final class Box<Contents> {
    var contents: Contents
    init(_ contents: Contents) { self.contents = contents }
  }

  /// A run of elements that tensors look into.
  struct Storage {
    var dtype: DType
    var key: String
    var count: Int
  }

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var place = 0
  private var stack: [Value] = []
  private var memory: [Int: Value] = [:]

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    (self.bytes, self.path) = (bytes, path)
  }

  /// The pickled object.
  mutating func read() throws(TorchError) -> Value {
    while true {
      let code = try byte()
      switch code {
      case 0x2e: return try pop()  // STOP
      case 0x80: _ = try byte()  // PROTO
      case 0x95: _ = try take(8)  // FRAME
      case 0x28: stack.append(.mark)
      case 0x4e: stack.append(.none)
      case 0x88: stack.append(.bool(true))
      case 0x89: stack.append(.bool(false))
      case 0x4a: stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
      case 0x4b: stack.append(.integer(try number(1)))
      case 0x4d: stack.append(.integer(try number(2)))
      case 0x8a: stack.append(.integer(try long(Int(byte()))))
      case 0x8b: stack.append(.integer(try long(number(4))))
      case 0x47:
        let bits = UInt64(bigEndian: try take(8).loadUnaligned(as: UInt64.self))
        stack.append(.float(Double(bitPattern: bits)))
      case 0x58: stack.append(.string(try string(number(4))))
      case 0x8c: stack.append(.string(try string(number(1))))
      case 0x8d: stack.append(.string(try string(number(8))))
      case 0x42: stack.append(.opaque(try skip(number(4), "bytes")))
      case 0x43: stack.append(.opaque(try skip(number(1), "bytes")))
      case 0x8e: stack.append(.opaque(try skip(number(8), "bytes")))
      case 0x7d: stack.append(.dictionary(Box([])))
      case 0x5d, 0x8f: stack.append(.list(Box([])))
      case 0x29: stack.append(.tuple([]))
      case 0x74: stack.append(.tuple(try popToMark()))
      case 0x85: stack.append(.tuple([try pop()]))
      case 0x86, 0x87:
        let last = try (0..<(code == 0x86 ? 2 : 3)).map { (_) throws(TorchError) in try pop() }
        stack.append(.tuple(last.reversed()))
      case 0x71: memory[try number(1)] = try top()
      case 0x72: memory[try number(4)] = try top()
      case 0x94: memory[memory.count] = try top()
      case 0x68, 0x6a:
        let index = try number(code == 0x68 ? 1 : 4)
        stack.append(try recalled(index))
      case 0x30: _ = try pop()
      case 0x32: stack.append(try top())
      case 0x63: stack.append(.global(try "\(line()).\(line())"))
      case 0x93:
        guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
          throw malformed("names a function by what is no text")
        }
        stack.append(.global("\(module).\(name)"))
      case 0x51:
        let id = try pop()
        stack.append(try storage(id))
      case 0x52, 0x81:
        let arguments = try pop()
        let function = try pop()
        stack.append(try called(function, arguments))
      case 0x62: _ = try pop()  // BUILD: the state of an object, which is not needed
      case 0x61:
        let value = try pop()
        try append([value])
      case 0x65:
        let values = try popToMark()
        try append(values)
      case 0x73:
        let (value, key) = (try pop(), try pop())
        try set([key, value])
      case 0x75:
        let values = try popToMark()
        try set(values)
      default:
        throw malformed("has the operation 0x\(String(code, radix: 16)), which tensors do not need")
      }
    }
  }

  // MARK: Functions

  private func called(_ function: Value, _ arguments: Value) throws(TorchError) -> Value {
    guard case .global(let name) = function, case .tuple(let values) = arguments else {
      return .opaque("object")
    }
    switch name {
    case "collections.OrderedDict":
      let box = Box<[(key: Value, value: Value)]>([])
      if case .list(let pairs)? = values.first {
        for pair in pairs.contents {
          guard case .tuple(let both) = pair, both.count == 2 else { continue }
          box.contents.append((both[0], both[1]))
        }
      }
      return .dictionary(box)
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
      guard values.count >= 4, case .storage(let storage) = values[0],
        case .integer(let offset) = values[1], let shape = integers(values[2]),
        let strides = integers(values[3]), shape.count == strides.count
      else { throw malformed("rebuilds a tensor from something else") }
      return .tensor(
        PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      guard let first = values.first else { throw malformed("rebuilds a parameter from nothing") }
      return first
    case "torch.Size": return values.first ?? .tuple([])
    default: return .opaque(name)
    }
  }

  private func integers(_ value: Value) -> [Int]? {
    guard case .tuple(let values) = value else { return nil }
    let found = values.compactMap { value -> Int? in
      guard case .integer(let number) = value else { return nil }
      return number
    }
    return found.count == values.count ? found : nil
  }

  /// A persistent id: `('storage', torch.FloatStorage, key, device, count)`.
  private func storage(_ id: Value) throws(TorchError) -> Value {
    guard case .tuple(let parts) = id, parts.count >= 5, case .string("storage") = parts[0],
      case .global(let type) = parts[1], case .string(let key) = parts[2],
      case .integer(let count) = parts[4], count >= 0
    else { throw malformed("refers to a storage in a way that is not known") }
    guard let dtype = Self.types[type] else {
      throw malformed("has a storage of the type \(type), which Koine does not read")
    }
    return .storage(Storage(dtype: dtype, key: key, count: count))
  }

  private static let types: [String: DType] = [
    "torch.FloatStorage": .float32, "torch.DoubleStorage": .float64,
    "torch.HalfStorage": .float16, "torch.BFloat16Storage": .bfloat16,
    "torch.LongStorage": .int64, "torch.IntStorage": .int32, "torch.ShortStorage": .int16,
    "torch.CharStorage": .int8, "torch.ByteStorage": .uint8, "torch.BoolStorage": .bool,
  ]

  // MARK: Collections

  private func append(_ values: [Value]) throws(TorchError) {
    // What an object that is not made would have taken in is not needed either.
    guard case .list(let box) = try top() else { return }
    box.contents += values
  }

  private func set(_ values: [Value]) throws(TorchError) {
    guard values.count % 2 == 0 else { throw malformed("has a key without a value") }
    guard case .dictionary(let box) = try top() else { return }
    for index in stride(from: 0, to: values.count, by: 2) {
      box.contents.append((values[index], values[index + 1]))
    }
  }

  // MARK: Stack and bytes

  private mutating func pop() throws(TorchError) -> Value {
    guard let last = stack.popLast() else { throw malformed("takes more than there is") }
    return last
  }

  private func top() throws(TorchError) -> Value {
    guard let last = stack.last else { throw malformed("takes more than there is") }
    return last
  }

  private mutating func popToMark() throws(TorchError) -> [Value] {
    var values: [Value] = []
    while true {
      let value = try pop()
      if case .mark = value { return values.reversed() }
      values.append(value)
    }
  }

  private func recalled(_ index: Int) throws(TorchError) -> Value {
    guard let value = memory[index] else { throw malformed("recalls what was not remembered") }
    return value
  }

  private mutating func take(_ count: Int) throws(TorchError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= bytes.count - place else { throw malformed("ends too early") }
    defer { place += count }
    return UnsafeRawBufferPointer(rebasing: bytes[place..<(place + count)])
  }

  private mutating func byte() throws(TorchError) -> UInt8 { try take(1)[0] }

  private mutating func number(_ count: Int) throws(TorchError) -> Int {
    let value = try take(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let result = Int(exactly: value) else { throw malformed("has an impossible length") }
    return result
  }

  /// A signed number of any length, little endian.
  private mutating func long(_ count: Int) throws(TorchError) -> Int {
    let digits = try take(count)
    guard count <= 8 else { throw malformed("has a number of \(count) bytes") }
    guard let last = digits.last else { return 0 }
    let start: Int = last >= 0x80 ? -1 : 0
    return digits.reversed().reduce(start) { $0 << 8 | Int($1) }
  }

  private mutating func string(_ count: Int) throws(TorchError) -> String {
    String(decoding: try take(count), as: UTF8.self)
  }

  private mutating func skip(_ count: Int, _ what: String) throws(TorchError) -> String {
    _ = try take(count)
    return what
  }

  private mutating func line() throws(TorchError) -> String {
    var text: [UInt8] = []
    while true {
      let next = try byte()
      if next == 0x0a { return String(decoding: text, as: UTF8.self) }
      text.append(next)
    }
  }

  private func malformed(_ what: String) -> TorchError {
    TorchError(.format, "the pickle \(what), at byte \(place)", at: path)
  }
}

/// Which elements of a storage are a tensor.
struct PickledTensor {
  var storage: PickleReader.Storage
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}
