// SPDX-License-Identifier: Apache-2.0

/// A Debian package, as far as its description is concerned.
struct DebianPackage: Equatable {
  /// The binary package's name.
  var name: String
  /// The source package's name.
  var source: String
  /// The section, without the area before it.
  var section: String
  /// MD5 of the English description, by which translations name it.
  var digest: String

  /// The source's name without its numbers: `gcc-12` and `gcc-13` say the same things, so they must not be
  /// on two sides of a split.
  var family: String {
    let isDropped: (UInt8) -> Bool = {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
    }
    let parts = source.utf8.filter { !isDropped($0) }.split(separator: UInt8(ascii: "-"))
    let name = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    return name.isEmpty ? source : name
  }

  /// A package from its paragraph in a list; nil where it lacks a field.
  init?(_ fields: ControlFile.Paragraph) {
    guard let name = fields["Package"], let digest = fields["Description-md5"],
      let section = fields["Section"]?.split(separator: "/").last
    else { return nil }
    self.name = name
    self.digest = digest
    self.section = String(section)
    // A version in parentheses follows where it differs from the binary's.
    source = fields["Source"]?.split(separator: " ").first.map(String.init) ?? name
  }
}

/// A package's description: a line that sums it up, then paragraphs.
struct PackageDescription: Equatable {
  /// The paragraphs, the summary first, each on one line.
  let paragraphs: [String]

  /// Reads a field's value: the summary, then lines, of which a full stop alone parts paragraphs.
  init(_ field: String) {
    var paragraphs: [String] = []
    for (number, line) in field.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let words = line.collapsingSpaces
      if words == "." || number <= 1 { paragraphs.append("") }
      guard words != ".", !words.isEmpty else { continue }
      if Self.needsSpace(paragraphs[paragraphs.count - 1], words) {
        paragraphs[paragraphs.count - 1] += " "
      }
      paragraphs[paragraphs.count - 1] += words
    }
    self.paragraphs = paragraphs.filter { !$0.isEmpty }
  }

  /// Whether a line break stands for a space: not at the start, and not in a script that writes none.
  private static func needsSpace(_ text: String, _ next: String) -> Bool {
    guard let last = text.unicodeScalars.last, let first = next.unicodeScalars.first else {
      return false
    }
    return !(isUnspaced(last) && isUnspaced(first))
  }

  /// Kana, ideographs and their punctuation.
  private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3000...0x30ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0xff00...0xffef,
      0x20000...0x2fa1f:
      true
    default: false
    }
  }

  /// The whole description on one line.
  var text: String { paragraphs.joined(separator: " ") }
}
