// SPDX-License-Identifier: Apache-2.0

import Mustache

/// How text enters the page: escaped scalar by scalar.
///
/// The template engine's own escaping compares grapheme clusters, and a quotation mark followed by
/// a combining accent is another cluster than a quotation mark, so it would pass unescaped and
/// end an attribute. Browsers read scalars; so does this.
struct HTMLText: MustacheContentType {
  /// The name under which templates ask for this escaping.
  static let name = "SCALAR-HTML"

  /// Makes the escaping known to the template engine, once.
  static let registered: Void = MustacheContentTypes.register(HTMLText(), named: name)

  func escapeText(_ text: String) -> String { Self.escape(text) }

  /// The text for use between tags or in a quoted attribute.
  ///
  /// Control characters, which HTML forbids, become their visible pictures (U+2400...), and
  /// noncharacters the replacement character, so that nothing vanishes unseen.
  static func escape(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x26: result.append(contentsOf: "&amp;".unicodeScalars)
      case 0x3C: result.append(contentsOf: "&lt;".unicodeScalars)
      case 0x3E: result.append(contentsOf: "&gt;".unicodeScalars)
      case 0x22: result.append(contentsOf: "&quot;".unicodeScalars)
      case 0x27: result.append(contentsOf: "&#39;".unicodeScalars)
      case 0x09, 0x0A: result.append(scalar)
      case 0x00..<0x20: result.append(Unicode.Scalar(scalar.value + 0x2400) ?? "\u{FFFD}")
      case 0x7F: result.append("\u{2421}")
      case 0x80..<0xA0: result.append("\u{FFFD}")
      default:
        result.append(scalar.properties.isNoncharacterCodePoint ? "\u{FFFD}" : scalar)
      }
    }
    return String(result)
  }

  /// The beginning of a text, with an ellipsis where something was left out.
  static func snippet(_ text: String, limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
  }

  /// A language code as HTML's `lang` wants it: `swh_Latn` becomes `swh-Latn`.
  static func languageTag(_ code: String) -> String {
    var tag = String.UnicodeScalarView()
    for scalar in code.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": tag.append(scalar)
      case "_", "-": tag.append("-")
      default: return "und"
      }
    }
    return tag.isEmpty ? "und" : String(tag)
  }
}
