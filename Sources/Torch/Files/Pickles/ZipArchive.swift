// SPDX-License-Identifier: Apache-2.0

/// The members of a zip file that are stored as they are (PKWARE's APPNOTE 6.3, with zip64), as `torch.save` writes them.
struct ZipArchive {
  /// Where each member's bytes stand in the file, by name.
  let members: [String: Range<Int>]

  /// Reads the table of contents; nil where the file is no zip.
  init?(_ bytes: UnsafeRawBufferPointer, path: String) throws(TorchError) {
    guard bytes.count >= 22, bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) else { return nil }
    func malformed(_ what: String) -> TorchError {
      TorchError(.format, "the zip file's \(what); the file is truncated or damaged", at: path)
    }
    func number<Value: FixedWidthInteger>(
      _ offset: Int, _ type: Value.Type
    ) throws(TorchError) -> Int {
      guard offset >= 0, offset <= bytes.count - MemoryLayout<Value>.size else {
        throw malformed("table of contents leaves the file")
      }
      let value = Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
      guard let result = Int(exactly: value) else { throw malformed("numbers are impossible") }
      return result
    }

    // The end record stands last, before a comment of at most 64 KiB.
    var end = bytes.count - 22
    while end >= max(0, bytes.count - 22 - 0xffff), try number(end, UInt32.self) != 0x0605_4b50 {
      end -= 1
    }
    guard end >= max(0, bytes.count - 22 - 0xffff) else {
      throw malformed("end record is missing")
    }
    var count = try number(end + 10, UInt16.self)
    var place = try number(end + 16, UInt32.self)
    if end >= 20, try number(end - 20, UInt32.self) == 0x0706_4b50 {
      let record = try number(end - 12, UInt64.self)
      guard try number(record, UInt32.self) == 0x0606_4b50 else {
        throw malformed("zip64 record is missing")
      }
      count = try number(record + 32, UInt64.self)
      place = try number(record + 48, UInt64.self)
    }

    var members: [String: Range<Int>] = [:]
    for _ in 0..<count {
      guard try number(place, UInt32.self) == 0x0201_4b50 else {
        throw malformed("table of contents is damaged")
      }
      let method = try number(place + 10, UInt16.self)
      var size = try number(place + 24, UInt32.self)
      var packed = try number(place + 20, UInt32.self)
      let nameLength = try number(place + 28, UInt16.self)
      let extraLength = try number(place + 30, UInt16.self)
      let commentLength = try number(place + 32, UInt16.self)
      var header = try number(place + 42, UInt32.self)
      let nameStart = place + 46
      guard nameStart + nameLength + extraLength + commentLength <= bytes.count else {
        throw malformed("table of contents leaves the file")
      }
      let name = String(decoding: bytes[nameStart..<(nameStart + nameLength)], as: UTF8.self)
      // Zip64: values that did not fit stand in this order.
      var extra = nameStart + nameLength
      let extraEnd = extra + extraLength
      while extra + 4 <= extraEnd {
        let (kind, length) = (try number(extra, UInt16.self), try number(extra + 2, UInt16.self))
        var field = extra + 4
        if kind == 1 {
          if size == 0xffff_ffff {
            size = try number(field, UInt64.self)
            field += 8
          }
          if packed == 0xffff_ffff {
            packed = try number(field, UInt64.self)
            field += 8
          }
          if header == 0xffff_ffff { header = try number(field, UInt64.self) }
        }
        extra += 4 + length
      }
      place = extraEnd + commentLength
      guard method == 0, packed == size else {
        throw TorchError(
          .format, "'\(name)' is compressed, where torch.save stores members as they are", at: path)
      }
      guard try number(header, UInt32.self) == 0x0403_4b50 else {
        throw malformed("member '\(name)' is not where the table says")
      }
      let start =
        try header + 30 + number(header + 26, UInt16.self) + number(header + 28, UInt16.self)
      guard size <= bytes.count, start <= bytes.count - size else {
        throw malformed("member '\(name)' leaves the file")
      }
      members[name] = start..<(start + size)
    }
    self.members = members
  }
}
