// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The normalisers of `tokenizer.json` that XLM-R's family uses.
indirect enum Normalizer: Sendable {
  case sequence([Normalizer])
  case precompiled(CharsMap)
  case strip(left: Bool, right: Bool)
  /// Runs of at least `minimum` of one scalar become a text; what the patterns " {2,}" and "x" ask for.
  case replaceRuns(of: Unicode.Scalar, minimum: Int, with: [Unicode.Scalar])

  /// Reads the `normalizer` of a document; kinds that are not known are refused by name.
  init(_ json: JSONValue) throws(SubwordError) {
    let kind = json["type"]?.string ?? "none"
    switch kind {
    case "Sequence":
      var parts: [Normalizer] = []
      for part in json["normalizers"]?.array ?? [] { parts.append(try Normalizer(part)) }
      self = .sequence(parts)
    case "Precompiled":
      guard let text = json["precompiled_charsmap"]?.string,
        let data = Data(base64Encoded: text)
      else { throw SubwordError(.format, "the normaliser's rules are not base64") }
      self = .precompiled(try CharsMap([UInt8](data)))
    case "Strip":
      self = .strip(
        left: json["strip_left"]?.bool ?? true, right: json["strip_right"]?.bool ?? true)
    case "Replace": self = try Self.replace(json)
    default:
      throw SubwordError(.unsupported, "the normaliser '\(kind)' is not supported")
    }
  }

  private static func replace(_ json: JSONValue) throws(SubwordError) -> Normalizer {
    let content = Array((json["content"]?.string ?? "").unicodeScalars)
    if let text = json["pattern"]?["String"]?.string, text.unicodeScalars.count == 1,
      let scalar = text.unicodeScalars.first
    {
      return .replaceRuns(of: scalar, minimum: 1, with: content)
    }
    if json["pattern"]?["Regex"]?.string == " {2,}" {
      return .replaceRuns(of: " ", minimum: 2, with: content)
    }
    throw SubwordError(
      .unsupported, "the normaliser 'Replace' is supported for one character and for ' {2,}' only")
  }

  func apply(_ text: inout NormalizedText) {
    switch self {
    case .sequence(let parts): for part in parts { part.apply(&text) }
    case .precompiled(let map): Self.applyRules(map, &text)
    case .strip(let left, let right): Self.strip(&text, left, right)
    case .replaceRuns(let scalar, let minimum, let content):
      Self.replaceRuns(&text, scalar, minimum, content)
    }
  }

  /// Per grapheme cluster, as the reference library does: a short cluster that begins with a rule's source
  /// is replaced as a whole by the shortest such rule; else each scalar by its own.
  private static func applyRules(_ map: CharsMap, _ text: inout NormalizedText) {
    var changes: [NormalizedText.Change] = []
    changes.reserveCapacity(text.scalars.count)
    var isChanged = false
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text.scalars)
    var bytes: [UInt8] = []
    func replacement(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar]? {
      bytes.removeAll(keepingCapacity: true)
      for scalar in scalars { bytes.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
      return bytes.withUnsafeBufferPointer { buffer in
        map.match(buffer, from: 0, longest: false).map {
          Array(String(decoding: map.replacement($0.value), as: UTF8.self).unicodeScalars)
        }
      }
    }
    for cluster in String(view) {
      let scalars = cluster.unicodeScalars
      let size = cluster.utf8.count
      if size < 6, let new = replacement(scalars) {
        NormalizedText.replace(scalars.count, with: new, into: &changes)
        isChanged = true
        continue
      }
      for scalar in scalars {
        if let new = replacement(CollectionOfOne(scalar)) {
          NormalizedText.replace(1, with: new, into: &changes)
          isChanged = true
        } else {
          changes.append(.init(scalar: scalar, delta: 0))
        }
      }
    }
    if isChanged { text.apply(changes) }
  }

  private static func strip(_ text: inout NormalizedText, _ left: Bool, _ right: Bool) {
    let scalars = text.scalars
    var range = 0..<scalars.count
    if left {
      range =
        (scalars.firstIndex { !$0.properties.isWhitespace } ?? range.upperBound)..<range.upperBound
    }
    if right {
      let last = scalars[range].lastIndex { !$0.properties.isWhitespace }
      range = range.lowerBound..<(last.map { $0 + 1 } ?? range.lowerBound)
    }
    text = text.part(range)
  }

  private static func replaceRuns(
    _ text: inout NormalizedText, _ scalar: Unicode.Scalar, _ minimum: Int,
    _ content: [Unicode.Scalar]
  ) {
    var index = 0
    let scalars = text.scalars
    var pieces: [(range: Range<Int>, isRun: Bool)] = []
    while index < scalars.count {
      var end = index
      while end < scalars.count, scalars[end] == scalar { end += 1 }
      let length = minimum == 1 ? min(end - index, 1) : end - index
      let isRun = length >= minimum
      let size = isRun ? length : max(end - index, 1)
      pieces.append((index..<(index + size), isRun))
      index += size
    }
    guard pieces.contains(where: \.isRun) else { return }
    text.rebuild(pieces.map { ($0.range, $0.isRun ? content : nil) })
  }
}
