// SPDX-License-Identifier: Apache-2.0

/// The second stage of a tokenizer: it cuts the text into the stretches that the model sees.
public indirect enum PreTokenizer: Sendable, Equatable {
  /// Cuts at white space and drops it.
  case whitespaceSplit
  /// Makes spaces visible and cuts before them.
  case metaspace(Metaspace)
  /// One after the other.
  case sequence([PreTokenizer])

  func apply(to input: PreTokenizedText) -> PreTokenizedText {
    switch self {
    case .whitespaceSplit: return Self.splitAtWhitespace(input)
    case .metaspace(let metaspace): return metaspace.apply(to: input)
    case .sequence(let parts): return parts.reduce(input) { $1.apply(to: $0) }
    }
  }

  private static func splitAtWhitespace(_ input: PreTokenizedText) -> PreTokenizedText {
    var output = input
    output.splits = []
    output.splits.reserveCapacity(input.splits.count + input.text.count / 4)
    input.text.bytes.withUnsafeBufferPointer { bytes in
      for split in input.splits {
        guard split.token < 0 else {
          output.splits.append(split)
          continue
        }
        var start = split.range.lowerBound
        var index = start
        let append = { (range: Range<Int>) in
          guard !range.isEmpty else { return }
          output.splits.append(
            PreTokenizedText.Split(range: range, origin: input.origin(of: range, in: split)))
        }
        while index < split.range.upperBound {
          let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
          if UTF8Scalar.isWhitespace(scalar) {
            append(start..<index)
            start = index + length
          }
          index += length
        }
        append(start..<index)
      }
    }
    return output
  }
}

extension PreTokenizer {
  init(_ json: JSONCursor) throws(SubwordError) {
    let type = try json.type()
    switch type {
    case "WhitespaceSplit": self = .whitespaceSplit
    case "Metaspace": self = .metaspace(try Metaspace(json))
    case "Sequence":
      var parts = [PreTokenizer]()
      for part in try json.required("pretokenizers").elements() {
        parts.append(try PreTokenizer(part))
      }
      self = .sequence(parts)
    default:
      throw json.unsupported(
        "pre-tokenizer", type, supported: ["WhitespaceSplit", "Metaspace", "Sequence"])
    }
  }

  var json: JSONValue {
    switch self {
    case .whitespaceSplit: .typed("WhitespaceSplit")
    case .metaspace(let metaspace): metaspace.json
    case .sequence(let parts): .typed("Sequence", ("pretokenizers", .array(parts.map(\.json))))
    }
  }
}
