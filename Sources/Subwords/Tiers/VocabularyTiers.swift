// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How a vocabulary is divided: a core that all languages share, and packs for what is particular.
///
/// It stands beside the model, as `shared.tiers.json` beside `shared.model`. Ids of the core come first, then those of each pack; later packs are put
/// behind, and no id ever moves. Each version keeps a digest of all pieces that it had, so that whoever holds an
/// embedding matrix of some version can tell that its rows still mean the same.
public struct VocabularyTiers: Sendable, Equatable, Codable {
  /// A pack: consecutive ids for some languages.
  public struct Pack: Sendable, Equatable, Codable {
    /// Its name: a language, a script, or what the user chose.
    public var name: String
    /// The languages it is for.
    public var languages: [String]
    /// The first id.
    public var first: Int
    /// How many ids.
    public var count: Int
    /// The version of the vocabulary that brought it.
    public var version: Int

    /// Makes a pack.
    public init(name: String, languages: [String], first: Int, count: Int, version: Int) {
      self.name = name
      self.languages = languages
      self.first = first
      self.count = count
      self.version = version
    }

    /// Its ids.
    public var ids: Range<Int> { first..<first + count }
  }

  /// A version: so many pieces, and a digest of them.
  public struct Version: Sendable, Equatable, Codable {
    /// The number, from 1.
    public var number: Int
    /// How many ids there were.
    public var size: Int
    /// What tells these pieces, in this order, from any others: 16 hexadecimal digits.
    public var digest: String
  }

  /// The format of the file.
  public var format = "tiers/v1"
  /// How many ids the core has, reserved ones included.
  public var core: Int
  /// The packs in the order of their ids.
  public var packs: [Pack]
  /// All versions, the first one first.
  public var versions: [Version]

  /// The tiers of a vocabulary that is new.
  public init(core: Int, packs: [Pack], pieces: [String]) {
    self.core = core
    self.packs = packs
    versions = [Self.version(1, pieces)]
  }

  /// The version that stands now.
  public var current: Version? { versions.last }

  /// The digest of the pieces up to a size: FNV-1a, 64 bits, over each piece and a line feed.
  public static func digest(_ pieces: some Sequence<String>) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for piece in pieces {
      for byte in piece.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      hash = (hash ^ 0x0A) &* 0x0000_0100_0000_01B3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private static func version(_ number: Int, _ pieces: [String]) -> Version {
    Version(number: number, size: pieces.count, digest: digest(pieces))
  }

  /// Notes a new version in which pieces stand behind the old ones as a pack.
  public mutating func append(_ name: String, languages: [String], pieces: [String]) {
    let number = (versions.last?.number ?? 0) + 1
    let first = versions.last?.size ?? core
    packs.append(
      Pack(
        name: name, languages: languages, first: first, count: pieces.count - first,
        version: number))
    versions.append(Self.version(number, pieces))
  }

  /// The packs that are of no use to some languages.
  public func packs(without languages: [String]) -> [Pack] {
    packs.filter { pack in !pack.languages.contains { languages.contains($0) } }
  }
}
