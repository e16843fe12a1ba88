// SPDX-License-Identifier: Apache-2.0

/// What a `Replace` looks for.
///
/// Regular expressions are limited to a literal and to a run of one literal (` {2,}`, ` +`), the
/// ones that converted SentencePiece models hold; any other is refused with its text.
public enum TextPattern: Sendable, Equatable {
  /// This string.
  case literal(String)
  /// At least `minimum` of this string, as many as there are.
  case run(of: String, minimum: Int)

  func replace(in text: AlignedText, by content: String) -> AlignedText {
    let unit: [UInt8]
    let minimum: Int
    let isRun: Bool
    switch self {
    case .literal(let string): (unit, minimum, isRun) = (Array(string.utf8), 1, false)
    case .run(let string, let least): (unit, minimum, isRun) = (Array(string.utf8), least, true)
    }
    guard !unit.isEmpty, text.count >= unit.count * minimum, text.bytes.contains(unit[0]) else {
      return text
    }
    let replacement = Array(content.utf8)
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    result.bytes.reserveCapacity(text.count + 8)
    var copied = 0
    var index = 0
    while index + unit.count <= text.count {
      var end = index
      var repeats = 0
      while isRun || repeats < 1, text.bytes[end...].starts(with: unit) {
        end += unit.count
        repeats += 1
      }
      guard repeats >= minimum else {
        index += max(1, end - index)
        continue
      }
      result.append(text, copied..<index)
      // The reference aligns what it puts in with the last scalar of what it takes out.
      result.append(replacement, alignedWith: end - 1, of: text)
      copied = end
      index = end
    }
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
    let text = try regex.string()
    guard let pattern = TextPattern(regex: text) else {
      throw SubwordError(
        .unsupported,
        "expected a regular expression that is a literal or one scalar with “+” or “{n,}”, "
          + "found “\(text)”",
        at: regex.path)
    }
    self = pattern
  }

  private init?(regex: String) {
    var scalars = Array(regex.unicodeScalars)
    let special = Set("\\^$.|?*+()[]{}".unicodeScalars)
    var minimum: Int?
    if scalars.last == "+" {
      scalars.removeLast()
      minimum = 1
    } else if scalars.suffix(2) == [",", "}"], let brace = scalars.lastIndex(of: "{") {
      let digits = String(String.UnicodeScalarView(scalars[(brace + 1)..<(scalars.count - 2)]))
      guard let number = Int(digits), number >= 1 else { return nil }
      minimum = number
      scalars.removeSubrange(brace...)
    }
    guard !scalars.isEmpty, !scalars.contains(where: special.contains) else { return nil }
    let literal = String(String.UnicodeScalarView(scalars))
    guard let minimum else {
      self = .literal(literal)
      return
    }
    guard scalars.count == 1 else { return nil }
    self = .run(of: literal, minimum: minimum)
  }

  var json: JSONValue {
    switch self {
    case .literal(let string): .object([.init("String", .string(string))])
    case .run(let string, let minimum):
      .object([.init("Regex", .string("\(string){\(minimum),}"))])
    }
  }
}
