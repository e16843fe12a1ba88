// SPDX-License-Identifier: Apache-2.0

/// A token that is found in the text as it stands, before the model sees it.
public struct AddedToken: Sendable, Equatable {
  /// The id.
  public var id: Int32
  /// The text.
  public var content: String
  /// Whether it must not touch a word character on either side.
  public var isSingleWord: Bool
  /// Whether it takes white space on its left with it.
  public var stripsLeft: Bool
  /// Whether it takes white space on its right with it.
  public var stripsRight: Bool
  /// Whether it is looked for after normalisation instead of before.
  public var isNormalized: Bool
  /// Whether decoding may skip it.
  public var isSpecial: Bool

  /// Makes a token; the defaults are those of special tokens.
  public init(
    id: Int32, content: String, isSingleWord: Bool = false, stripsLeft: Bool = false,
    stripsRight: Bool = false, isNormalized: Bool = false, isSpecial: Bool = true
  ) {
    self.id = id
    self.content = content
    self.isSingleWord = isSingleWord
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
    self.isNormalized = isNormalized
    self.isSpecial = isSpecial
  }

  init(_ json: JSONCursor) throws(SubwordError) {
    self.init(
      id: Int32(try json.required("id").natural()),
      content: try json.required("content").string(),
      isSingleWord: try json.bool("single_word", default: false),
      stripsLeft: try json.bool("lstrip", default: false),
      stripsRight: try json.bool("rstrip", default: false),
      isNormalized: try json.bool("normalized", default: false),
      isSpecial: try json.bool("special", default: false))
  }

  var json: JSONValue {
    .object([
      .init("id", .number(Double(id))), .init("content", .string(content)),
      .init("single_word", .bool(isSingleWord)), .init("lstrip", .bool(stripsLeft)),
      .init("rstrip", .bool(stripsRight)), .init("normalized", .bool(isNormalized)),
      .init("special", .bool(isSpecial)),
    ])
  }
}
