// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files as `torch.save` writes them, built byte by byte.
public enum TorchFileWriter {
  /// A zip file with stored members.
  public static func zip(_ members: [(name: String, bytes: [UInt8])]) -> Data {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    var data: [UInt8] = []
    var table: [UInt8] = []
    for (name, bytes) in members {
      let place = data.count
      // Members of float32 begin at a multiple of 4, filled up in the extra field as torch.save does.
      let extra = (4 - (place + 30 + name.utf8.count + 4) % 4) % 4 + 4
      let sizes = little(0, 4) + little(bytes.count, 4) + little(bytes.count, 4)
      let length = little(name.utf8.count, 2)
      data += [0x50, 0x4b, 3, 4]
      data += little(20, 2) + little(0, 4) + little(0, 4)
      data += sizes + length + little(extra, 2)
      data += Array(name.utf8)
      data += little(0x4246, 2) + little(extra - 4, 2)
      data += Array(repeating: 90, count: extra - 4)
      data += bytes
      table += [0x50, 0x4b, 1, 2]
      table += little(20, 2) + little(20, 2) + little(0, 4) + little(0, 4)
      table += sizes + length
      table += little(0, 2) + little(0, 2) + little(0, 8)
      table += little(place, 4)
      table += Array(name.utf8)
    }
    var end: [UInt8] = [0x50, 0x4b, 5, 6]
    end += little(0, 4) + little(members.count, 2) + little(members.count, 2)
    end += little(table.count, 4) + little(data.count, 4) + little(0, 2)
    return Data(data + table + end)
  }

  /// A text.
  public static func text(_ value: String) -> [UInt8] {
    [0x58] + (0..<4).map { UInt8(truncatingIfNeeded: value.utf8.count >> ($0 * 8)) }
      + Array(value.utf8)
  }

  /// `torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict())`.
  public static func tensor(
    _ key: String, _ count: Int, _ offset: Int, _ shape: [Int], _ strides: [Int]
  ) -> [UInt8] {
    func integer(_ value: Int) -> [UInt8] {
      [0x4a] + (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(integer) + [0x74] }
    var result = Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8)
    result += [0x28, 0x28]
    result += text("storage")
    result += Array("ctorch\nFloatStorage\n".utf8)
    result += text(key)
    result += text("cpu")
    result += integer(count)
    result += [0x74, 0x51]
    result += integer(offset)
    result += tuple(shape)
    result += tuple(strides)
    result += [0x89]
    result += Array("ccollections\nOrderedDict\n".utf8)
    return result + [0x29, 0x52, 0x74, 0x52]
  }

  /// The whole pickle: an ordered dictionary of texts and what stands for values.
  public static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
    var result: [UInt8] = [0x80, 2]
    result += Array("ccollections\nOrderedDict\n".utf8)
    result += [0x29, 0x52, 0x28]
    for (name, value) in items { result += text(name) + value }
    return result + [0x75, 0x2e]
  }

  /// A whole file: a dictionary of float tensors.
  public static func file(_ tensors: [(name: String, shape: [Int], values: [Float])]) -> Data {
    var items: [(String, [UInt8])] = []
    var members: [(name: String, bytes: [UInt8])] = []
    for (index, entry) in tensors.enumerated() {
      var strides = [Int](repeating: 1, count: entry.shape.count)
      for axis in entry.shape.indices.dropLast().reversed() {
        strides[axis] = strides[axis + 1] * entry.shape[axis + 1]
      }
      items.append((entry.name, tensor("\(index)", entry.values.count, 0, entry.shape, strides)))
      members.append(("a/data/\(index)", bytes(entry.values)))
    }
    return zip([("a/data.pkl", dictionary(items))] + members)
  }

  /// The bytes of numbers, little endian.
  public static func bytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (UInt32($0) * 8)) }
    }
  }
}
