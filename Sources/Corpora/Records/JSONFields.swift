// SPDX-License-Identifier: Apache-2.0

/// Finds the values of keys in a JSON object on one line, and puts others in their place.
///
/// What is not asked for is passed over, not checked, and stays byte for byte as it was.
struct JSONFields {
  let keys: [[UInt8]]

  init(_ keys: [String]) { self.keys = keys.map { Array($0.utf8) } }

  /// Where a value stands, quotes included, and what it says.
  struct Value {
    let range: Range<Int>
    let text: [UInt8]
  }

  /// What is wrong with a line.
  enum Problem: Error, Equatable {
    case notAnObject
    case missing(key: Int, among: [String])
    case notText(key: Int)
  }

  /// The values of the keys, which must be text.
  func values(in line: [UInt8]) throws(Problem) -> [Value] {
    var found = [Value?](repeating: nil, count: keys.count)
    var names: [String] = []
    var scanner = JSONScanner(bytes: line)
    guard scanner.take("{") else { throw .notAnObject }
    if !scanner.take("}") {
      repeat {
        guard let key = scanner.string(), scanner.take(":") else { throw .notAnObject }
        scanner.skipSpaces()
        let start = scanner.index
        let isText = scanner.peek == UInt8(ascii: "\"")
        if let wanted = keys.firstIndex(of: key) {
          guard isText else { throw .notText(key: wanted) }
          guard let text = scanner.string() else { throw .notAnObject }
          found[wanted] = Value(range: start..<scanner.index, text: text)
        } else {
          guard scanner.skipValue() else { throw .notAnObject }
        }
        if names.count < 50 { names.append(String(decoding: key, as: UTF8.self)) }
      } while scanner.take(",")
      guard scanner.take("}") else { throw .notAnObject }
    }
    scanner.skipSpaces()
    guard scanner.peek == nil else { throw .notAnObject }
    var values: [Value] = []
    for (index, value) in found.enumerated() {
      guard let value else { throw .missing(key: index, among: names) }
      values.append(value)
    }
    return values
  }

  /// The line with other values for the keys.
  func replacing(_ texts: [[UInt8]], in line: [UInt8]) throws(Problem) -> [UInt8] {
    let places = try values(in: line).enumerated().sorted {
      $0.element.range.lowerBound < $1.element.range.lowerBound
    }
    var result: [UInt8] = []
    var start = 0
    for (index, place) in places where place.text != texts[index] {
      result += line[start..<place.range.lowerBound]
      result += Self.quoted(texts[index])
      start = place.range.upperBound
    }
    return result + line[start...]
  }

  /// Text as a JSON string, with no more escapes than it must have.
  static func quoted(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 0x0a: result += Array("\\n".utf8)
      case 0x0d: result += Array("\\r".utf8)
      case 0x09: result += Array("\\t".utf8)
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        result += Array("\\u00\(byte < 16 ? "0" : "")\(digits)".utf8)
      default: result.append(byte)
      }
    }
    return result + [UInt8(ascii: "\"")]
  }
}
