// SPDX-License-Identifier: Apache-2.0

/// Some pieces of a vocabulary under a name: what was added for a language, a family or a domain.
public struct Pack: Sendable, Equatable {
  /// What the pack is called.
  public var name: String
  /// The ids of its pieces.
  public var ids: Set<Int32>

  /// A pack of some ids.
  public init(_ name: String, ids: Set<Int32>) {
    self.name = name
    self.ids = ids
  }

  /// A pack of neighbouring ids.
  public init(_ name: String, ids: Range<Int32>) { self.init(name, ids: Set(ids)) }
}

/// What a pack buys in a language.
public struct PackUse: Sendable, Equatable, Codable {
  /// The pack's name.
  public var pack: String
  /// The language.
  public var language: String
  /// How many tokens of the language's text are pieces of the pack.
  public var tokens: Int
  /// How many more tokens the same text takes when the pack's pieces are taken out and nothing else changes.
  public var saved: Int
  /// How many more tokens of the same text are unknown without the pack's pieces; where there are any, text is lost
  /// without the pack, and `saved` says little, since unknown text is short.
  public var spared: Int
  /// `saved` as a share of the tokens that the text takes without the pack.
  public var share: Double
  /// How many sentences use the pack.
  public var sentences: Int
}
