// SPDX-License-Identifier: Apache-2.0

/// Spaces made visible: each becomes a replacement mark, U+2581 by default, and a word begins at
/// each mark.
public struct Metaspace: Sendable, Equatable {
  /// Where a mark is put in front of text that does not begin with one.
  public enum PrependScheme: String, Sendable, Equatable {
    /// In front of every stretch.
    case always
    /// Only at the very beginning of the text.
    case first
    /// Nowhere.
    case never
  }

  /// The mark; one scalar.
  public var replacement: String
  /// Where a mark is added.
  public var prependScheme: PrependScheme
  /// Whether to cut before each mark.
  public var splits: Bool
  /// Whether the file spells the settings in the old way (`add_prefix_space`, `str_rep`), which
  /// libraries before 2024 need.
  public var usesOldSpelling: Bool

  /// Makes a metaspace with the defaults of the field.
  public init(
    replacement: String = "\u{2581}", prependScheme: PrependScheme = .always, splits: Bool = true,
    usesOldSpelling: Bool = false
  ) {
    self.replacement = replacement
    self.prependScheme = prependScheme
    self.splits = splits
    self.usesOldSpelling = usesOldSpelling
  }

  func apply(to input: PreTokenizedText) -> PreTokenizedText {
    let mark = Array(replacement.utf8)
    var output = PreTokenizedText(isAligned: input.text.isAligned)
    output.text.bytes.reserveCapacity(input.text.count + mark.count * (input.splits.count + 8))
    output.splits.reserveCapacity(input.splits.count)
    for split in input.splits {
      let start = output.text.count
      guard split.token < 0 else {
        output.text.append(input.text, split.range)
        output.splits.append(
          .init(range: start..<output.text.count, origin: split.origin, token: split.token))
        continue
      }
      appendMarked(split, of: input.text, mark, to: &output.text)
      cut(start..<output.text.count, split, at: mark, in: &output)
    }
    return output
  }

  private func appendMarked(
    _ split: PreTokenizedText.Split, of text: AlignedText, _ mark: [UInt8],
    to output: inout AlignedText
  ) {
    guard let first = split.range.first else { return }
    let beginsMarked =
      text.bytes[first] == 0x20 || text.bytes[split.range].starts(with: mark)
    let prepends = prependScheme == .always || (prependScheme == .first && split.origin == 0)
    if prepends, !beginsMarked { output.append(mark, alignedWith: first, of: text) }
    var copied = first
    for index in split.range where text.bytes[index] == 0x20 {
      if copied < index { output.append(text, copied..<index) }
      output.append(mark, alignedWith: index, of: text)
      copied = index + 1
    }
    if copied < split.range.upperBound { output.append(text, copied..<split.range.upperBound) }
  }

  private func cut(
    _ range: Range<Int>, _ split: PreTokenizedText.Split, at mark: [UInt8],
    in output: inout PreTokenizedText
  ) {
    var whole = split
    whole.range = range
    var start = range.lowerBound
    if splits {
      var index = start
      while index + mark.count <= range.upperBound {
        guard output.text.bytes[index] == mark[0], matches(mark, output.text.bytes, index) else {
          index += 1
          continue
        }
        if index > start { append(start..<index, whole, &output) }
        start = index
        index += mark.count
      }
    }
    append(start..<range.upperBound, whole, &output)
  }

  private func append(
    _ range: Range<Int>, _ split: PreTokenizedText.Split, _ output: inout PreTokenizedText
  ) {
    guard !range.isEmpty else { return }
    output.splits.append(.init(range: range, origin: output.origin(of: range, in: split)))
  }

  @inline(__always)
  private func matches(_ mark: [UInt8], _ bytes: [UInt8], _ index: Int) -> Bool {
    for offset in mark.indices where bytes[index + offset] != mark[offset] { return false }
    return true
  }
}

extension Metaspace {
  init(_ json: JSONCursor) throws(SubwordError) {
    let place = try json.optional("replacement")
    let mark = try place?.string() ?? "\u{2581}"
    guard mark.unicodeScalars.count == 1 else {
      throw SubwordError(
        .malformed, "expected one scalar as replacement, found “\(mark)”",
        at: place?.path ?? json.path)
    }
    let prefix = try json.optional("add_prefix_space")?.bool()
    let scheme = try json.optional("prepend_scheme")
    var prependScheme = prefix == false ? PrependScheme.never : .always
    if let scheme {
      let name = try scheme.string()
      guard let known = PrependScheme(rawValue: name) else {
        throw scheme.unsupported("scheme", name, supported: ["always", "first", "never"])
      }
      prependScheme = known
      guard prefix != false || known == .never else {
        throw SubwordError(
          .malformed,
          "expected prepend_scheme “never” beside add_prefix_space false, found “\(name)”",
          at: json.path)
      }
    }
    self.init(
      replacement: mark, prependScheme: prependScheme,
      splits: try json.bool("split", default: true),
      usesOldSpelling: prefix != nil && scheme == nil)
  }

  var json: JSONValue {
    usesOldSpelling && splits && prependScheme != .first
      ? .typed(
        "Metaspace", ("replacement", .string(replacement)),
        ("add_prefix_space", .bool(prependScheme == .always)), ("str_rep", .string(replacement)))
      : .typed(
        "Metaspace", ("replacement", .string(replacement)),
        ("prepend_scheme", .string(prependScheme.rawValue)), ("split", .bool(splits)))
  }
}
