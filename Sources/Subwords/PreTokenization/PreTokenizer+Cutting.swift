// SPDX-License-Identifier: Apache-2.0

import WritingSystems

extension PreTokenizer {
  /// Cuts each stretch that is no token into the ranges that `ranges` names.
  @inline(__always)
  static func cut(
    _ input: PreTokenizedText,
    _ ranges: (UnsafeBufferPointer<UInt8>, Range<Int>, (Range<Int>) -> Void) -> Void
  ) -> PreTokenizedText {
    var output = input
    output.splits = []
    output.splits.reserveCapacity(input.splits.count + input.text.count / 4)
    input.text.bytes.withUnsafeBufferPointer { bytes in
      for split in input.splits {
        guard split.token < 0 else {
          output.splits.append(split)
          continue
        }
        ranges(bytes, split.range) { range in
          guard !range.isEmpty else { return }
          output.splits.append(
            PreTokenizedText.Split(range: range, origin: input.origin(of: range, in: split)))
        }
      }
    }
    return output
  }

  /// Cuts at single scalars.
  @inline(__always)
  static func cut(
    _ input: PreTokenizedText, _ behavior: SplitBehavior, where matches: (UInt32) -> Bool
  ) -> PreTokenizedText {
    cut(input) { bytes, range, append in
      if behavior == .removed || behavior == .isolated {
        // The common cases need no list of parts.
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
          let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
          if matches(scalar) {
            append(start..<index)
            if behavior == .isolated { append(index..<index + length) }
            start = index + length
          }
          index += length
        }
        append(start..<index)
        return
      }
      var parts = [SplitBehavior.Part]()
      var start = range.lowerBound
      var index = start
      while index < range.upperBound {
        let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
        if matches(scalar) {
          if start < index { parts.append(.init(range: start..<index, isMatch: false)) }
          parts.append(.init(range: index..<index + length, isMatch: true))
          start = index + length
        }
        index += length
      }
      if start < index { parts.append(.init(range: start..<index, isMatch: false)) }
      for range in behavior.stretches(parts) { append(range) }
    }
  }

  /// Cuts at the matches of a pattern, or between them.
  static func cut(
    _ input: PreTokenizedText, _ pattern: TextPattern, _ behavior: SplitBehavior, inverts: Bool
  ) -> PreTokenizedText {
    cut(input) { bytes, range, append in
      var last = range.lowerBound
      if behavior == .isolated || behavior == .removed {
        let keepsMatches = behavior == .isolated || inverts
        let keepsRest = behavior == .isolated || !inverts
        pattern.forEachMatch(bytes, range) { match in
          if keepsRest { append(last..<match.lowerBound) }
          if keepsMatches { append(match) }
          last = match.upperBound
        }
        if keepsRest { append(last..<range.upperBound) }
        return
      }
      var parts = [SplitBehavior.Part]()
      pattern.forEachMatch(bytes, range) { match in
        if last < match.lowerBound {
          parts.append(.init(range: last..<match.lowerBound, isMatch: inverts))
        }
        parts.append(.init(range: match, isMatch: !inverts))
        last = match.upperBound
      }
      if last < range.upperBound {
        parts.append(.init(range: last..<range.upperBound, isMatch: inverts))
      }
      for range in behavior.stretches(parts) { append(range) }
    }
  }

  /// `\w+` and `[^\w\s]+`.
  static func cutWords(_ input: PreTokenizedText) -> PreTokenizedText {
    cut(input) { bytes, range, append in
      var start = range.lowerBound
      var kind = CharacterKinds.WordKind.space
      var index = start
      while index < range.upperBound {
        let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
        let next = CharacterKinds.wordKind(scalar)
        if next != kind {
          if kind != .space { append(start..<index) }
          start = index
          kind = next
        }
        index += length
      }
      if kind != .space { append(start..<index) }
    }
  }

  static func cutLengths(_ input: PreTokenizedText, _ length: Int) -> PreTokenizedText {
    cut(input) { bytes, range, append in
      var start = range.lowerBound
      var index = start
      var count = 0
      while index < range.upperBound {
        index += UTF8Scalar.length(leading: bytes[index])
        count += 1
        if count == length {
          append(start..<index)
          start = index
          count = 0
        }
      }
      append(start..<range.upperBound)
    }
  }

  static func cutScripts(_ input: PreTokenizedText) -> PreTokenizedText {
    cut(input) { bytes, range, append in
      var start: Int?
      var last: Script?
      var index = range.lowerBound
      while index < range.upperBound {
        let (code, length) = UTF8Scalar.decode(bytes, at: index)
        if let script = CharacterKinds.joinedScript(code) {
          if last != script {
            // What stands before the first script belongs to nothing: the reference drops it.
            if let start { append(start..<index) }
            start = index
          }
          last = script
        }
        index += length
      }
      if let start { append(start..<range.upperBound) }
    }
  }
}
