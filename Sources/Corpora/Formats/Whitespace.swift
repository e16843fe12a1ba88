// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
  /// Without spaces, tabs and line breaks of ASCII at either end.
  var trimmingSpaces: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !isASCIISpace($0) }),
      let last = scalars.lastIndex(where: { !isASCIISpace($0) })
    else { return "" }
    return String(self[first...last])
  }

  /// The words, with one space between: white space of any kind at either end and in between is tidied.
  ///
  /// By scalars, since a `Character` swallows what follows it and is slow to find.
  var collapsingSpaces: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    var isPending = false
    for scalar in unicodeScalars {
      if isSpace(scalar) {
        isPending = !bytes.isEmpty
      } else {
        if isPending { bytes.append(UInt8(ascii: " ")) }
        isPending = false
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

private func isASCIISpace(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value == 0x20 || (0x09...0x0d).contains(scalar.value)
}

/// Unicode's White_Space, written out because the standard library's property is slow to look up.
private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09...0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f,
    0x3000:
    true
  default: false
  }
}
