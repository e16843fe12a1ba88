// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TokenizerConfiguration {
  /// Reads a tokenizer.json, a SentencePiece model, or a directory with one of them.
  public init(contentsOf url: URL) throws(SubwordError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
      throw SubwordError(
        .file, "expected a tokenizer.json, a SentencePiece model or a directory, found nothing",
        at: url.path)
    }
    if isDirectory.boolValue {
      self = try Self.directory(url)
      return
    }
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw SubwordError(.file, "cannot be read: \(error.localizedDescription)", at: url.path)
    }
    do {
      let first = data.first { ![0x20, 0x0A, 0x0D, 0x09, 0xEF, 0xBB, 0xBF].contains($0) }
      if first == UInt8(ascii: "{") {
        self = try Self(json: JSONCursor(try JSONReader.read(data)))
      } else {
        self = try Self(sentencePiece: SentencePieceModel(data))
      }
    } catch {
      throw error.inside(url.path)
    }
  }

  private static func directory(_ url: URL) throws(SubwordError) -> TokenizerConfiguration {
    let names = ["tokenizer.json", "sentencepiece.bpe.model", "spiece.model", "tokenizer.model"]
    for name in names {
      let file = url.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      let configuration = try TokenizerConfiguration(contentsOf: file)
      switch name {
      case "sentencepiece.bpe.model": return configuration.asXLMRoberta()
      case "spiece.model": return try configuration.asDescribed(in: url)
      default: return configuration
      }
    }
    throw SubwordError(
      .file,
      "expected one of \(names.joined(separator: ", ")) in the directory, found none of them",
      at: url.path)
  }

  /// Reads a tokenizer.json held in memory.
  public init(tokenizerJSON data: some Collection<UInt8>) throws(SubwordError) {
    try self.init(json: JSONCursor(try JSONReader.read(data)))
  }

  init(json: JSONCursor) throws(SubwordError) {
    var tokens = [AddedToken]()
    for token in try json.optional("added_tokens")?.elements() ?? [] {
      tokens.append(try AddedToken(token))
    }
    let model = try Unigram(try json.required("model"))
    self.init(
      addedTokens: tokens,
      normalizer: try Self.part("normalizer", of: json, Normalizer.init(_:)),
      preTokenizer: try Self.part("pre_tokenizer", of: json, PreTokenizer.init(_:)),
      model: model,
      postProcessor: try Self.part("post_processor", of: json, PostProcessor.init(_:)) ?? .plain,
      decoder: try Self.part("decoder", of: json, PieceDecoder.init(_:)),
      truncation: try Self.part("truncation", of: json, Truncation.init(_:)),
      padding: try Self.part("padding", of: json, Padding.init(_:)))
  }

  private static func part<Part>(
    _ name: String, of json: JSONCursor, _ make: (JSONCursor) throws(SubwordError) -> Part
  ) throws(SubwordError) -> Part? {
    guard let member = try json.optional(name) else { return nil }
    return try make(member)
  }
}

extension Unigram {
  init(_ json: JSONCursor) throws(SubwordError) {
    let type = try json.optional("type")?.string() ?? "Unigram"
    guard type == "Unigram" else {
      throw json.unsupported("model", type, supported: ["Unigram"])
    }
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
    do {
      try self.init(
        pieces: pieces, scores: scores, unknownID: Int32(unknown),
        fallsBackToBytes: try json.bool("byte_fallback", default: false))
    } catch {
      throw error.inside(json.path)
    }
  }
}
