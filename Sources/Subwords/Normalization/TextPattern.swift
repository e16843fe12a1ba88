// SPDX-License-Identifier: Apache-2.0

/// What a `Replace` or a `Split` looks for.
public enum TextPattern: Sendable, Equatable {
  /// This string.
  case literal(String)
  /// A regular expression.
  case regex(Pattern)

  /// Compares byte by byte.
  public static func == (left: TextPattern, right: TextPattern) -> Bool {
    switch (left, right) {
    case (.literal(let first), .literal(let second)): first.utf8.elementsEqual(second.utf8)
    case (.regex(let first), .regex(let second)): first == second
    default: false
    }
  }

  /// Calls `found` for each match in `bytes[range]`.
  @inline(__always)
  func forEachMatch(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ found: (Range<Int>) -> Void
  ) {
    switch self {
    case .regex(let pattern): pattern.forEachMatch(bytes, range, found)
    case .literal(let string):
      let literal = Array(string.utf8)
      guard let first = literal.first else { return }
      var index = range.lowerBound
      while index + literal.count <= range.upperBound {
        guard bytes[index] == first, bytes[index..<index + literal.count].elementsEqual(literal)
        else {
          index += 1
          continue
        }
        found(index..<index + literal.count)
        index += literal.count
      }
    }
  }

  func replace(in text: AlignedText, by content: String) -> AlignedText {
    let replacement = Array(content.utf8)
    var result = AlignedText(isAligned: text.isAligned)
    var copied = 0
    var isChanged = false
    text.bytes.withUnsafeBufferPointer { bytes in
      forEachMatch(bytes, 0..<bytes.count) { match in
        if !isChanged {
          result.origin = text.origin
          result.bytes.reserveCapacity(text.count + 8)
          isChanged = true
        }
        result.append(text, copied..<match.lowerBound)
        // The reference aligns what it puts in with the last scalar of what it takes out.
        result.append(replacement, alignedWith: match.upperBound - 1, of: text)
        copied = match.upperBound
      }
    }
    guard isChanged else { return text }
    result.append(text, copied..<text.count)
    return result
  }

  /// Replaces in a single string, as decoders do.
  func replace(in text: String, by content: String) -> String {
    let result = replace(
      in: AlignedText(text.utf8, origin: 0, isAligned: false), by: content)
    return String(decoding: result.bytes, as: UTF8.self)
  }
}

extension TextPattern {
  init(_ json: JSONCursor) throws(SubwordError) {
    if let literal = try json.optional("String") {
      self = .literal(try literal.string())
      return
    }
    let regex = try json.required("Regex")
    do {
      self = .regex(try Pattern(try regex.string()))
    } catch {
      throw error.location.isEmpty ? error.inside(regex.path) : error
    }
  }

  var json: JSONValue {
    switch self {
    case .literal(let string): .object([.init("String", .string(string))])
    case .regex(let pattern): .object([.init("Regex", .string(pattern.text))])
    }
  }
}
