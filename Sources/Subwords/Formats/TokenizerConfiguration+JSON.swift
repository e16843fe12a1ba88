// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TokenizerConfiguration {
  /// Reads a tokenizer.json, a SentencePiece model, a vocab.txt of BERT's, or a directory with one of them.
  public init(contentsOf url: URL) throws(SubwordError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
      throw SubwordError(
        .file,
        "expected a tokenizer.json, a SentencePiece model, a vocab.txt or a directory, found nothing",
        at: url.path)
    }
    if isDirectory.boolValue {
      self = try Self.directory(url)
      return
    }
    if url.pathExtension == "txt" {
      try self.init(vocabularyText: url)
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
    let names = [
      "tokenizer.json", "sentencepiece.bpe.model", "spiece.model", "tokenizer.model", "vocab.txt",
    ]
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
    let model = try SubwordModel(try json.required("model"))
    self.init(
      addedTokens: Self.numbered(tokens, model),
      normalizer: try Self.part("normalizer", of: json, Normalizer.init(_:)),
      preTokenizer: try Self.part("pre_tokenizer", of: json, PreTokenizer.init(_:)),
      model: model,
      postProcessor: try Self.part("post_processor", of: json, PostProcessor.init(_:)) ?? .plain,
      decoder: try Self.part("decoder", of: json, PieceDecoder.init(_:)),
      truncation: try Self.part("truncation", of: json, Truncation.init(_:)),
      padding: try Self.part("padding", of: json, Padding.init(_:)))
  }

  /// The tokens with the ids that they have in the reference, whatever the file says: the model's, else in their order the
  /// next ones behind the model.
  static func numbered(_ tokens: [AddedToken], _ model: SubwordModel) -> [AddedToken] {
    // The reference counts an object's pieces, though their ids may leave some out.
    let next = Int32(clamping: model.pieces.count { !$0.isEmpty })
    var last: Int32 = -1
    var known = [[UInt8]: Int32]()
    return tokens.map { token in
      var token = token
      let text = Array(token.content.utf8)
      let id = known[text] ?? model.id(of: token.content) ?? max(next, last + 1)
      known[text] = id
      last = max(last, id)
      token.id = id
      return token
    }
  }

  private static func part<Part>(
    _ name: String, of json: JSONCursor, _ make: (JSONCursor) throws(SubwordError) -> Part
  ) throws(SubwordError) -> Part? {
    guard let member = try json.optional(name) else { return nil }
    return try make(member)
  }
}
