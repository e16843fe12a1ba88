// SPDX-License-Identifier: Apache-2.0

/// Texts of programs as people read them: without the marks that are there for the program.
///
/// What goes: tags (`<b>`), entities (`&lt;`), the marks of keys (`_Open`, `E&xit`, `開く(_O)`), line breaks. What stays: placeholders (`%s`), since both texts
/// have them.
enum CatalogueText {
  /// A text as it is read.
  static func plain(_ text: String) -> String {
    var letters = Array(text.unicodeScalars)
    letters = withoutTags(letters)
    for (mark, entities) in [("_", false), ("&", true)] {
      letters = withoutMark(letters, mark.unicodeScalars.first ?? "_", hasEntities: entities)
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: letters)
    return String(result).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The text without `<tags>`; a `<` that begins none stays.
  private static func withoutTags(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var index = 0
    while index < text.count {
      if text[index] == "<", index + 1 < text.count,
        text[index + 1] == "/" || text[index + 1].properties.isAlphabetic,
        let end = text[index...].firstIndex(of: ">")
      {
        // Words on both sides of a tag stay apart.
        result.append(" ")
        index = end + 1
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  private static let entities: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ",
  ]

  /// The text without the one mark of a key that it has, and with its entities as what they stand for.
  private static func withoutMark(
    _ text: [Unicode.Scalar], _ mark: Unicode.Scalar, hasEntities: Bool
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    // A text with several has names with the mark in them.
    var isFound = !hasEntities && text.count { $0 == mark } > 1
    var index = 0
    while index < text.count {
      guard text[index] == mark else {
        result.append(text[index])
        index += 1
        continue
      }
      if hasEntities, let end = text[index...].prefix(8).firstIndex(of: ";"),
        let letter = entities[String(text[index + 1..<end].map(Character.init))]
      {
        result.append(letter)
        index = end + 1
        continue
      }
      let next = index + 1 < text.count ? text[index + 1] : " "
      // "(_O)", as languages without letters on their keys have it.
      if index + 2 < text.count, text[index + 2] == ")", result.last == "(", !isFound {
        result.removeLast()
        index += 3
        isFound = true
      } else if next.properties.isAlphabetic, !isFound {
        index += 1
        isFound = true
      } else {
        result.append(mark)
        index += 1
      }
    }
    return result
  }
}
