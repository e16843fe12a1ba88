// SPDX-License-Identifier: Apache-2.0

/// Bytes written as visible scalars, as GPT-2 does (Radford and others, 2019): a printable byte of
/// Latin-1 stands for itself, the 68 others are U+0100 and up.
///
/// A space is `Ġ`.
public struct ByteLevel: Sendable, Equatable {
  /// Whether a space is put in front of text that does not begin with one.
  public var addsPrefixSpace: Bool
  /// Whether the text is cut by GPT-2's pattern first.
  public var splits: Bool
  /// Whether offsets leave out the spaces at a token's ends; only post-processors look at it.
  public var trimsOffsets: Bool

  /// Makes a stage with the defaults of tokenizer.json.
  public init(addsPrefixSpace: Bool = true, splits: Bool = true, trimsOffsets: Bool = true) {
    self.addsPrefixSpace = addsPrefixSpace
    self.splits = splits
    self.trimsOffsets = trimsOffsets
  }

  /// GPT-2's pattern.
  public static let patternText =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private static let pattern = try? Pattern(patternText)

  /// The scalar of each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (UInt32(0)..<256).map { byte in
      if 0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || 0xAE...0xFF ~= byte { return byte }
      defer { next += 1 }
      return next
    }
  }()

  /// The 256 scalars as strings, in the order of their bytes: what a byte-level vocabulary begins with.
  public static let alphabet: [String] = scalars.compactMap { Unicode.Scalar($0).map(String.init) }

  /// The byte that a scalar stands for; nil for any other.
  static func byte(of scalar: UInt32) -> UInt8? {
    guard scalar < 0x144 else { return nil }
    let value = reverse[Int(scalar)]
    return value < 0 ? nil : UInt8(value)
  }

  private static let reverse: [Int16] = {
    var table = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar)] = Int16(byte) }
    return table
  }()

  func apply(to input: PreTokenizedText) -> PreTokenizedText {
    var text = addsPrefixSpace ? Self.prefixed(input) : input
    if splits, let pattern = Self.pattern {
      text = PreTokenizer.cut(text, .regex(pattern), .isolated, inverts: false)
    }
    return Self.spelled(text)
  }

  private static func prefixed(_ input: PreTokenizedText) -> PreTokenizedText {
    var output = PreTokenizedText(isAligned: input.text.isAligned)
    output.text.bytes.reserveCapacity(input.text.count + input.splits.count)
    for split in input.splits {
      let start = output.text.count
      if split.token < 0, let first = split.range.first, input.text.bytes[first] != 0x20 {
        output.text.append([0x20], alignedWith: first, of: input.text)
      }
      output.text.append(input.text, split.range)
      output.splits.append(
        .init(range: start..<output.text.count, origin: split.origin, token: split.token))
    }
    return output
  }

  private static func spelled(_ input: PreTokenizedText) -> PreTokenizedText {
    var output = PreTokenizedText(isAligned: input.text.isAligned)
    output.text.bytes.reserveCapacity(input.text.count * 3 / 2)
    output.splits.reserveCapacity(input.splits.count)
    for split in input.splits {
      let start = output.text.count
      if split.token < 0 {
        appendSpelled(input.text, split.range, to: &output.text)
      } else {
        output.text.append(input.text, split.range)
      }
      output.splits.append(
        .init(range: start..<output.text.count, origin: split.origin, token: split.token))
    }
    return output
  }

  /// Appends the spelling of bytes, each scalar aligned as its byte.
  static func appendSpelled(
    _ text: AlignedText, _ range: Range<Int>, to output: inout AlignedText
  ) {
    for index in range {
      let scalar = scalars[Int(text.bytes[index])]
      if scalar < 0x80 {
        output.bytes.append(UInt8(scalar))
      } else {
        output.bytes.append(UInt8(0xC0 | scalar >> 6))
        output.bytes.append(UInt8(0x80 | scalar & 0x3F))
      }
      guard text.isAligned else { continue }
      for _ in 0..<(scalar < 0x80 ? 1 : 2) {
        output.starts.append(text.starts[index])
        output.ends.append(text.ends[index])
      }
    }
  }

  /// The text of spelled bytes; pieces with any other scalar stand as they are.
  ///
  /// Broken UTF-8 becomes U+FFFD.
  static func decode(_ pieces: [String]) -> String {
    var bytes = [UInt8]()
    for piece in pieces {
      let count = bytes.count
      for scalar in piece.unicodeScalars {
        guard let byte = byte(of: scalar.value) else {
          bytes.removeLast(bytes.count - count)
          bytes += piece.utf8
          break
        }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ByteLevel {
  init(_ json: JSONCursor) throws(SubwordError) {
    self.init(
      addsPrefixSpace: try json.bool("add_prefix_space", default: true),
      splits: try json.bool("use_regex", default: true),
      trimsOffsets: try json.bool("trim_offsets", default: true))
  }

  var json: JSONValue {
    .typed(
      "ByteLevel", ("add_prefix_space", .bool(addsPrefixSpace)),
      ("trim_offsets", .bool(trimsOffsets)), ("use_regex", .bool(splits)))
  }
}
