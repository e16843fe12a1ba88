// SPDX-License-Identifier: Apache-2.0

extension Normalizer {
  /// What becomes of one scalar.
  enum ScalarChange {
    case keep
    case remove
    /// An ASCII scalar takes its place.
    case replace(UInt8)
  }

  /// Changes scalar by scalar; each stays aligned with itself.
  @inline(__always)
  static func rewriteScalars(
    _ text: AlignedText, _ change: (UInt32) -> ScalarChange
  ) -> AlignedText {
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    result.bytes.reserveCapacity(text.count)
    text.bytes.withUnsafeBufferPointer { bytes in
      var copied = 0
      var index = 0
      while index < bytes.count {
        let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
        switch change(scalar) {
        case .keep: break
        case .remove:
          result.append(text, copied..<index)
          copied = index + length
        case .replace(let byte):
          result.append(text, copied..<index)
          result.append(CollectionOfOne(byte), alignedWith: index, of: text)
          copied = index + length
        }
        index += length
      }
      result.append(text, copied..<bytes.count)
    }
    return result
  }

  static func filterScalars(_ text: AlignedText, _ keeps: (UInt32) -> Bool) -> AlignedText {
    rewriteScalars(text) { keeps($0) ? .keep : .remove }
  }

  static func lowercased(_ text: AlignedText) -> AlignedText {
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    result.bytes.reserveCapacity(text.count)
    text.bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        guard byte >= 0x80 else {
          let lower = 0x41...0x5A ~= byte ? byte | 0x20 : byte
          result.append(CollectionOfOne(lower), alignedWith: index, of: text)
          index += 1
          continue
        }
        let (code, length) = UTF8Scalar.decode(bytes, at: index)
        if let scalar = Unicode.Scalar(code), scalar.properties.changesWhenLowercased {
          let mapping = scalar.properties.lowercaseMapping
          result.append(Array(mapping.utf8), alignedWith: index, of: text)
        } else {
          result.append(text, index..<index + length)
        }
        index += length
      }
    }
    return result
  }

  /// The rules of machine translation: controls go, other spaces become spaces.
  static func nmt(_ text: AlignedText) -> AlignedText {
    rewriteScalars(text) { scalar in
      switch scalar {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: .remove
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
        .replace(0x20)
      default: .keep
      }
    }
  }

  static func spelledInBytes(_ text: AlignedText) -> AlignedText {
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    ByteLevel.appendSpelled(text, 0..<text.count, to: &result)
    return result
  }
}
