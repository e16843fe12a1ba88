// SPDX-License-Identifier: Apache-2.0

/// Takes out text with tags, character references, or the marks of wikis, templates and style sheets in it.
public struct MarkupFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "markup", "tags, character references, wiki and template marks, code",
    [.init("max-marks", 0, "most marks in a text")])

  private let limit: Double

  /// The filter with its parameters set.
  public init(_ values: FilterValues) { limit = values["max-marks"] }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    candidate.firstReason { index in
      let marks = MarkupMarks.find(in: candidate.texts[index])
      guard Double(marks.count) > limit, let first = marks.first else { return nil }
      return marks.count == 1 ? "'\(first)'" : "\(marks.count) marks, first '\(first)'"
    }
  }
}

/// The marks of markup in a text.
enum MarkupMarks {
  /// Tags that text from pages has; a comparison or a type in angle brackets is none of them.
  private static let tags = Set(
    """
    a abbr b blockquote body br button center cite code dd div dl dt em font footer form h1 h2 h3 h4 h5 h6 \
    head header hr html i iframe img input label li link meta nav object ol option p param pre q ref s \
    script section select small source span strike strong style sub sup svg table tbody td th thead title \
    tr tt u ul video
    """.split(separator: " ").map(String.init))

  private static let entities = Set(
    """
    amp apos bull copy euro gt hellip laquo ldquo lsquo lt mdash middot nbsp ndash quot raquo rdquo reg \
    rsquo shy times trade
    """.split(separator: " ").map(String.init))

  private static let code = [
    "function(", "function (", "document.", "{{", "}}", "[[", "]]", "/*", "*/", "http-equiv",
    "!important",
    "<!--", "-->", "<![", "<?xml", "<!doctype",
  ].map { Array($0.utf8) }

  /// The first few marks.
  static func find(in text: [UInt8]) -> [String] {
    var marks: [String] = []
    text.withUnsafeBufferPointer { text in
      for (index, byte) in text.enumerated() where isStart(byte) {
        guard marks.count < 100 else { return }
        if let mark = mark(text, at: index) { marks.append(mark) }
      }
    }
    return marks
  }

  @inline(__always)
  private static func isStart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "/"), UInt8(ascii: "*"),
      UInt8(ascii: "("), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func mark(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> String? {
    let rest = text[index...].prefix(64)
    switch text[index] {
    case UInt8(ascii: "<"):
      let name = rest.dropFirst().drop { $0 == UInt8(ascii: "/") }.prefix { isLetterOrDigit($0) }
      guard let next = rest[name.endIndex...].first, !name.isEmpty,
        next == UInt8(ascii: ">") || next == UInt8(ascii: " ") || next == UInt8(ascii: "/"),
        tags.contains(String(decoding: name, as: UTF8.self).lowercased()),
        text[name.endIndex...].prefix(2000).contains(UInt8(ascii: ">"))
      else { return piece(text, at: index) }
      return "<\(String(decoding: name, as: UTF8.self))>"
    case UInt8(ascii: "&"):
      let name = rest.dropFirst().prefix {
        isLetterOrDigit($0) || $0 == UInt8(ascii: "#")
      }
      guard name.endIndex < rest.endIndex, rest[name.endIndex] == UInt8(ascii: ";") else {
        return nil
      }
      let word = String(decoding: name, as: UTF8.self)
      return entities.contains(word) || word.hasPrefix("#") ? "&\(word);" : nil
    default: return piece(text, at: index)
    }
  }

  /// A piece of code whose telling sign is at the index, or begins there.
  private static func piece(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> String? {
    for piece in code {
      // The sign that brought us here may be the piece's last, as in "function(".
      let sign = piece.firstIndex { isStart($0) } ?? 0
      guard piece[sign] == text[index], index >= sign, index - sign + piece.count <= text.count
      else { continue }
      let start = index - sign
      let matches = piece.indices.allSatisfy {
        text[start + $0] | (isLetterOrDigit(text[start + $0]) ? 0x20 : 0) == piece[$0]
      }
      // A member of a document, not the end of a sentence.
      if matches, piece.last != UInt8(ascii: ".") || isMember(text, after: start + piece.count) {
        return String(decoding: piece, as: UTF8.self)
      }
    }
    return nil
  }

  private static func isMember(_ text: UnsafeBufferPointer<UInt8>, after index: Int) -> Bool {
    let name = text[index...].prefix { isLetterOrDigit($0) }
    return !name.isEmpty && name.endIndex < text.count
      && (text[name.endIndex] == UInt8(ascii: "(") || text[name.endIndex] == UInt8(ascii: "."))
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
      || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}

/// Takes out text that is mostly addresses.
public struct URLFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "url", "text that is mostly addresses of pages and mail",
    [
      .init("max-share", 0.4, "largest share of bytes in addresses"),
      .init("max-count", 3, "most addresses"),
    ])

  private let share: Double
  private let count: Double

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    share = values["max-share"]
    count = values["max-count"]
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    candidate.firstReason { index in
      let (count, bytes) = Self.addresses(in: candidate.texts[index])
      guard count > 0 else { return nil }
      if Double(count) > self.count { return "\(count) addresses" }
      let share = Double(bytes) / Double(max(1, candidate.texts[index].count))
      return share > self.share ? "\(brief(100 * share)) % addresses" : nil
    }
  }

  /// How many words between spaces are addresses, and how many bytes they have.
  static func addresses(in text: [UInt8]) -> (count: Int, bytes: Int) {
    var (count, bytes) = (0, 0)
    text.withUnsafeBufferPointer { text in
      var last = -1  // the end of the address before
      for (index, byte) in text.enumerated() where index > last {
        let isAddress =
          switch byte {
          case UInt8(ascii: ":"): text[index...].starts(with: "://".utf8)
          case UInt8(ascii: "w"): text[index...].starts(with: "www.".utf8)
          case UInt8(ascii: "@"): isMail(text, at: index)
          default: false
          }
        guard isAddress else { continue }
        var start = index
        while start > 0, text[start - 1] > 0x20, text[start - 1] < 0x80 { start -= 1 }
        var end = index
        while end < text.count, text[end] > 0x20, text[end] < 0x80 { end += 1 }
        count += 1
        bytes += end - start
        last = end
      }
    }
    return (count, bytes)
  }

  private static func isMail(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard index > 0, text[index - 1] > 0x20 else { return false }
    let domain = text[(index + 1)...].prefix { $0 > 0x20 && $0 < 0x80 }
    guard let dot = domain.firstIndex(of: UInt8(ascii: ".")) else { return false }
    return dot > domain.startIndex && dot + 1 < domain.endIndex
  }
}
