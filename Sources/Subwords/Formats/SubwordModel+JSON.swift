// SPDX-License-Identifier: Apache-2.0

extension SubwordModel {
  init(_ json: JSONCursor) throws(SubwordError) {
    let named = try json.optional("type")?.string()
    let type = if let named { named } else { try Self.impliedType(json) }
    do throws(SubwordError) {
      switch type {
      case "Unigram": self = .unigram(try Unigram(json))
      case "BPE": self = .bytePair(try BytePair(json))
      case "WordPiece": self = .wordPiece(try WordPiece(json))
      case "WordLevel":
        self = .wordLevel(
          try WordLevel(
            pieces: try Self.pieces(json),
            unknownPiece: try json.optional("unk_token")?.string() ?? "<unk>"))
      default:
        throw SubwordError(
          .unsupported,
          "expected a model of a supported kind (Unigram, BPE, WordPiece, WordLevel), found “\(type)”"
        )
      }
    } catch {
      throw error.location.hasPrefix(json.path) ? error : error.inside(json.path)
    }
  }

  /// Files older than the member `type` are told apart by what else they hold.
  private static func impliedType(_ json: JSONCursor) throws(SubwordError) -> String {
    if case .array = try json.required("vocab").value { return "Unigram" }
    if try json.optional("merges") != nil { return "BPE" }
    return try json.optional("max_input_chars_per_word") == nil ? "WordLevel" : "WordPiece"
  }

  /// The pieces of a vocabulary that is an object from piece to id.
  static func pieces(_ json: JSONCursor) throws(SubwordError) -> [String] {
    let place = try json.required("vocab")
    guard case .object(let members) = place.value else { throw place.mismatch("an object") }
    var pieces = [String]()
    for member in members {
      guard case .number(let number) = member.value, let id = Int(exactly: number),
        // Ids without a piece are allowed, but no id may ask for memory out of all proportion.
        0...(2 * members.count + 1_000_000) ~= id
      else {
        throw SubwordError(
          .malformed,
          "expected an id from 0 to about the number of pieces for “\(member.name)”, found "
            + (member.value == .null ? "null" : "another value"),
          at: place.path)
      }
      if pieces.count <= id {
        pieces.append(contentsOf: repeatElement("", count: id + 1 - pieces.count))
      }
      pieces[id] = member.name
    }
    return pieces
  }

  var json: JSONValue {
    switch self {
    case .unigram(let model): model.json
    case .bytePair(let model): model.json
    case .wordPiece(let model): model.json
    case .wordLevel(let model):
      .typed(
        "WordLevel", ("vocab", Self.json(model.vocabulary)),
        ("unk_token", .string(model.unknownPiece)))
    case .plain: .null
    }
  }

  fileprivate static func json(_ vocabulary: Vocabulary) -> JSONValue {
    .object(
      vocabulary.pieces.enumerated().compactMap { id, piece in
        piece.isEmpty ? nil : JSONValue.Member(piece, .number(Double(id)))
      })
  }
}

extension Unigram {
  fileprivate convenience init(_ json: JSONCursor) throws(SubwordError) {
    guard let unknown = try json.optional("unk_id")?.natural() else {
      throw SubwordError(
        .unsupported, "expected the id of the unknown piece in “unk_id”, found none",
        at: json.path)
    }
    let place = try json.required("vocab")
    guard case .array(let vocabulary) = place.value else { throw place.mismatch("an array") }
    var pieces = [String]()
    var scores = [Double]()
    pieces.reserveCapacity(vocabulary.count)
    scores.reserveCapacity(vocabulary.count)
    for (index, entry) in vocabulary.enumerated() {
      guard case .array(let pair) = entry, pair.count == 2, case .string(let piece) = pair[0],
        case .number(let score) = pair[1]
      else {
        throw JSONCursor(entry, path: "\(place.path)[\(index)]").mismatch("a piece and its score")
      }
      pieces.append(piece)
      scores.append(score)
    }
    try self.init(
      pieces: pieces, scores: scores, unknownID: Int32(unknown),
      fallsBackToBytes: try json.bool("byte_fallback", default: false))
  }

  fileprivate var json: JSONValue {
    let entries = zip(vocabulary.pieces, scores).map { piece, score in
      JSONValue.array([.string(piece), .number(score)])
    }
    return .typed(
      "Unigram", ("unk_id", .number(Double(unknownID))), ("vocab", .array(entries)),
      ("byte_fallback", .bool(fallsBackToBytes)))
  }
}

extension BytePair {
  fileprivate convenience init(_ json: JSONCursor) throws(SubwordError) {
    let pieces = try SubwordModel.pieces(json)
    let vocabulary = try Vocabulary(pieces)
    let place = try json.required("merges")
    guard case .array(let entries) = place.value else { throw place.mismatch("an array") }
    var merges = [Merge]()
    merges.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      guard let (left, right) = Self.parts(entry) else {
        throw JSONCursor(entry, path: "\(place.path)[\(index)]")
          .mismatch("two pieces, in an array or with a space between them")
      }
      guard let first = vocabulary.id(of: left), let second = vocabulary.id(of: right) else {
        throw SubwordError(
          .malformed,
          "expected “\(left)” and “\(right)” in the vocabulary, found no such pieces",
          at: "\(place.path)[\(index)]")
      }
      merges.append(Merge(first, second))
    }
    try self.init(
      pieces: pieces, merges: merges,
      settings: Settings(
        unknownPiece: try json.optional("unk_token")?.string(),
        continuingPrefix: try json.optional("continuing_subword_prefix")?.string(),
        endOfWordSuffix: try json.optional("end_of_word_suffix")?.string(),
        fusesUnknown: try json.bool("fuse_unk", default: false),
        fallsBackToBytes: try json.bool("byte_fallback", default: false),
        ignoresMerges: try json.bool("ignore_merges", default: false),
        dropout: try json.optional("dropout")?.number()))
  }

  private static func parts(_ entry: JSONValue) -> (String, String)? {
    switch entry {
    case .array(let pair):
      guard pair.count == 2, case .string(let left) = pair[0], case .string(let right) = pair[1]
      else { return nil }
      return (left, right)
    case .string(let text):
      let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      return (String(parts[0]) ?? "", String(parts[1]) ?? "")
    default: return nil
    }
  }

  fileprivate var json: JSONValue {
    let optional = { (text: String?) in text.map(JSONValue.string) ?? .null }
    return .typed(
      "BPE", ("dropout", settings.dropout.map(JSONValue.number) ?? .null),
      ("unk_token", optional(settings.unknownPiece)),
      ("continuing_subword_prefix", optional(settings.continuingPrefix)),
      ("end_of_word_suffix", optional(settings.endOfWordSuffix)),
      ("fuse_unk", .bool(settings.fusesUnknown)),
      ("byte_fallback", .bool(settings.fallsBackToBytes)),
      ("ignore_merges", .bool(settings.ignoresMerges)), ("vocab", SubwordModel.json(vocabulary)),
      (
        "merges",
        .array(
          merges.map { merge in
            .array([
              .string(vocabulary.pieces[Int(merge.left)]),
              .string(vocabulary.pieces[Int(merge.right)]),
            ])
          })
      ))
  }
}

extension WordPiece {
  fileprivate convenience init(_ json: JSONCursor) throws(SubwordError) {
    try self.init(
      pieces: try SubwordModel.pieces(json),
      unknownPiece: try json.optional("unk_token")?.string() ?? "[UNK]",
      continuingPrefix: try json.optional("continuing_subword_prefix")?.string() ?? "##",
      maximumScalarsPerWord: try json.optional("max_input_chars_per_word")?.natural() ?? 100)
  }

  fileprivate var json: JSONValue {
    .typed(
      "WordPiece", ("unk_token", .string(unknownPiece)),
      ("continuing_subword_prefix", .string(continuingPrefix)),
      ("max_input_chars_per_word", .number(Double(maximumScalarsPerWord))),
      ("vocab", SubwordModel.json(vocabulary)))
  }
}
