// SPDX-License-Identifier: Apache-2.0

/// An entity over some words of a sentence.
public struct EntitySpan: Sendable, Hashable, Codable {
  /// The entity's type.
  public let type: String
  /// The first word, from 0.
  public let start: Int
  /// The word behind the last.
  public let end: Int

  /// An entity over words `start..<end`.
  public init(type: String, start: Int, end: Int) {
    self.type = type
    self.start = start
    self.end = end
  }

  /// The entities that tags spell by a scheme; what breaks its rules is no entity.
  ///
  /// - Throws: `MetricsError.Code.unknownTag` for a tag whose letter the scheme does not have.
  public static func strict(
    _ tags: [String], scheme: TagScheme
  ) throws(MetricsError) -> [EntitySpan] {
    let parsed = tags.map(EntityTag.init)
    for (place, tag) in parsed.enumerated() where !scheme.prefixes.contains(tag.prefix) {
      let letters = scheme.prefixes.map(String.init).joined(separator: ", ")
      throw MetricsError(
        .unknownTag,
        "expected a tag that begins with one of \(letters) (\(scheme.rawValue)), found "
          + "'\(tags[place])'; name the scheme that the data has", at: "word \(place + 1)")
    }
    var spans: [EntitySpan] = []
    var place = 0
    var previous = EntityTag.outside
    while place < parsed.count {
      let start = place
      place += 1
      if scheme.starts(previous, parsed[start]) {
        var last = parsed[start]
        while place < parsed.count, scheme.continues(last, parsed[place]) {
          last = parsed[place]
          place += 1
        }
        if scheme.closes(last, place < parsed.count ? parsed[place] : .outside) {
          spans.append(EntitySpan(type: parsed[start].type, start: start, end: place))
        }
      }
      previous = parsed[place - 1]
    }
    return spans
  }

  /// The entities that tags of any scheme spell, read generously: an I that follows nothing starts an entity.
  ///
  /// As `conlleval` reads them, and seqeval unless told otherwise.
  public static func lenient(_ tags: [String]) -> [EntitySpan] {
    var spans: [EntitySpan] = []
    var previous = EntityTag.outside
    var start = 0
    for place in 0...tags.count {
      let tag = place < tags.count ? EntityTag(tags[place]) : .outside
      if ends(previous, tag) {
        spans.append(EntitySpan(type: previous.type, start: start, end: place))
      }
      if begins(previous, tag) { start = place }
      previous = tag
    }
    return spans
  }

  private static let ending: Set<Unicode.Scalar> = ["E", "S", "L", "U"]
  private static let starting: Set<Unicode.Scalar> = ["B", "S", "U"]

  private static func ends(_ previous: EntityTag, _ tag: EntityTag) -> Bool {
    guard previous.prefix != "O" else { return false }
    return ending.contains(previous.prefix) || tag.prefix == "O" || starting.contains(tag.prefix)
      || !previous.hasType(of: tag)
  }

  private static func begins(_ previous: EntityTag, _ tag: EntityTag) -> Bool {
    guard tag.prefix != "O" else { return false }
    return starting.contains(tag.prefix) || previous.prefix == "O"
      || ending.contains(previous.prefix) || !previous.hasType(of: tag)
  }
}
