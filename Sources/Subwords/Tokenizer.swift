// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A Unigram tokenizer of XLM-R's family: text to ids and back, as Hugging Face's `tokenizer.json` or a
/// sentencepiece `.model` defines it.
///
/// It never changes once it is made, and may be used from any number of threads.
public final class Tokenizer: Sendable {
  let model: Unigram
  let addedTokens: AddedTokens
  let normalizer: Normalizer?
  let preTokenizer: PreTokenizer
  let postProcessor: PostProcessor
  let addedPieces: [Int32: String]
  let specialIDs: Set<Int32>
  let prependsInDecoding: Bool

  /// Reads a `tokenizer.json`, or the one in a directory.
  public init(contentsOf url: URL) throws(SubwordError) {
    let file = Self.file(url)
    guard let data = try? Data(contentsOf: file) else {
      throw SubwordError(
        .file, "cannot be read; expected a tokenizer.json, or a directory with one", at: file.path)
    }
    do throws(SubwordError) {
      let json = try JSONValue(parsing: [UInt8](data))
      guard let model = json["model"], model["type"]?.string == "Unigram" else {
        let kind = json["model"]?["type"]?.string ?? "none"
        throw SubwordError(.unsupported, "the model '\(kind)' is not supported; Unigram is")
      }
      self.model = try Self.unigram(model)
      addedTokens = try AddedTokens(json["added_tokens"])
      var normalizer: Normalizer?
      if let part = json["normalizer"], !part.isNull { normalizer = try Normalizer(part) }
      self.normalizer = normalizer
      preTokenizer = try PreTokenizer(json["pre_tokenizer"])
      postProcessor = try PostProcessor(json["post_processor"])
      prependsInDecoding = try Self.decoderDropsFirstSpace(json["decoder"])
    } catch {
      throw SubwordError(error.code, error.message, at: file.path)
    }
    var pieces: [Int32: String] = [:]
    for token in addedTokens.tokens {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: token.content)
      pieces[token.id] = String(view)
    }
    addedPieces = pieces
    specialIDs = Set(addedTokens.tokens.filter(\.isSpecial).map(\.id))
  }

  /// Rows that an embedding matrix needs.
  public var vocabularySize: Int {
    max(model.pieces.count, Int(addedPieces.keys.max() ?? -1) + 1)
  }

  /// The id of unknown characters.
  public var unknownID: Int32 { model.unknownID }

  /// The piece of an id, or nil when there is none.
  public func piece(of id: Int32) -> String? {
    addedPieces[id] ?? (model.pieces.indices.contains(Int(id)) ? model.pieces[Int(id)] : nil)
  }

  // MARK: Encoding

  /// Ids of a text with its special tokens; cut from the right to `maximumLength` where that is given.
  public func ids(of text: String, maximumLength: Int? = nil) -> [Int32] {
    encode(text, truncation: maximumLength.map { Truncation(maximumLength: $0) }).ids
  }

  /// Ids of many texts.
  public func ids(of texts: [String], maximumLength: Int?) -> [[Int32]] {
    texts.map { ids(of: $0, maximumLength: maximumLength) }
  }

  /// A text, or two, as the model takes them.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - pair: a second text, as the context of a question.
  ///   - addingSpecialTokens: whether the model's template is put around; yes.
  ///   - truncation: the limit, or nil for none.
  ///   - paddedLength: a length to fill up to, or nil.
  public func encode(
    _ text: String, pair: String? = nil, addingSpecialTokens: Bool = true,
    truncation: Truncation? = nil, paddedLength: Int? = nil
  ) -> Encoding {
    var first = tokens(text)
    var second = pair.map(tokens)
    let template = addingSpecialTokens ? postProcessor : PostProcessor()
    if let truncation {
      let added = template.addedCount(isPair: pair != nil)
      _ = truncation.apply(&first, &second, added: added)
    }
    var result = template.apply(first, second)
    if let paddedLength {
      let id = addedPieces.first { $0.value == "<pad>" }?.key ?? 0
      result.pad(to: paddedLength, id: id, piece: "<pad>")
    }
    return result
  }

  private func tokens(_ text: String) -> Encoding {
    let scalars = Array(text.unicodeScalars)
    var result = Encoding()
    var word = 0
    for part in addedTokens.parts(scalars) {
      switch part {
      case .token(let id, let range):
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        result.append(id: id, piece: String(view), offsets: range, word: word)
        word += 1
      case .text(let range):
        var normalized = NormalizedText(scalars[range])
        normalizer?.apply(&normalized)
        for part in preTokenizer.words(normalized, isFirst: range.lowerBound == 0) {
          append(part, word, &result)
          word += 1
        }
      }
    }
    return result
  }

  private func append(_ word: NormalizedText, _ number: Int, _ result: inout Encoding) {
    var bytes: [UInt8] = []
    var places: [Int] = []  // the scalar that each byte belongs to
    bytes.reserveCapacity(word.scalars.count * 3)
    for (place, scalar) in word.scalars.enumerated() {
      for byte in UTF8.encode(scalar) ?? .init() {
        bytes.append(byte)
        places.append(place)
      }
    }
    func offsets(_ range: Range<Int>) -> Range<Int> {
      let (first, last) = (places[range.lowerBound], places[range.upperBound - 1])
      let (low, high) = (word.origins[first].lowerBound, word.origins[last].upperBound)
      return low..<max(low, high)
    }
    let segments = bytes.withUnsafeBufferPointer(model.segments)
    var index = 0
    while index < segments.count {
      var range = segments[index].range
      let id = segments[index].id
      index += 1
      if id == model.unknownID {
        // Unknown characters that follow each other become one token.
        while index < segments.count, segments[index].id == id {
          range = range.lowerBound..<segments[index].range.upperBound
          index += 1
        }
        if !model.byteIDs.isEmpty {
          for place in range {
            let byte = model.byteIDs[Int(bytes[place])]
            result.append(
              id: byte, piece: model.pieces[Int(byte)], offsets: offsets(range), word: number)
          }
          continue
        }
      }
      let piece = String(decoding: bytes[range], as: UTF8.self)
      result.append(id: id, piece: piece, offsets: offsets(range), word: number)
    }
  }

  // MARK: Decoding

  /// The text of ids.
  ///
  /// - Parameters:
  ///   - ids: ids; those without a piece are passed over.
  ///   - skippingSpecialTokens: whether `<s>` and the like are left out; yes.
  public func decode(_ ids: [Int32], skippingSpecialTokens: Bool = true) -> String {
    var result = ""
    var isFirst = true
    for id in ids {
      if skippingSpecialTokens, specialIDs.contains(id) { continue }
      guard let piece = piece(of: id) else { continue }
      var view = String.UnicodeScalarView()
      for (index, scalar) in piece.unicodeScalars.enumerated() {
        guard scalar == PreTokenizer.mark else {
          view.append(scalar)
          continue
        }
        if !(isFirst && index == 0 && prependsInDecoding) { view.append(" ") }
      }
      result.unicodeScalars.append(contentsOf: view)
      isFirst = false
    }
    return result
  }

  // MARK: Reading

  private static func file(_ url: URL) -> URL {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? url.appendingPathComponent("tokenizer.json") : url
  }

  private static func unigram(_ json: JSONValue) throws(SubwordError) -> Unigram {
    var pieces: [String] = []
    var scores: [Double] = []
    for entry in json["vocab"]?.array ?? [] {
      guard let pair = entry.array, pair.count == 2, let piece = pair[0].string,
        let score = pair[1].number
      else {
        throw SubwordError(.format, "the vocabulary has an entry that is not a piece and a score")
      }
      pieces.append(piece)
      scores.append(score)
    }
    guard !pieces.isEmpty else { throw SubwordError(.format, "the vocabulary is empty") }
    guard let unknown = json["unk_id"]?.int, pieces.indices.contains(unknown) else {
      throw SubwordError(.format, "the model has no piece for unknown characters (unk_id)")
    }
    let minimum = scores.min() ?? 0
    return Unigram(
      pieces: pieces, scores: scores, unknownID: Int32(unknown), isSearched: { _ in true },
      minimumScore: minimum, byteFallback: json["byte_fallback"]?.bool ?? false, precision: .double)
  }

  /// Whether a mark at the very start decodes to nothing; decoders other than Metaspace are refused.
  private static func decoderDropsFirstSpace(_ json: JSONValue?) throws(SubwordError) -> Bool {
    guard let json, !json.isNull else { return false }
    guard json["type"]?.string == "Metaspace" else {
      throw SubwordError(
        .unsupported, "the decoder '\(json["type"]?.string ?? "none")' is not supported here")
    }
    if let scheme = json["prepend_scheme"]?.string { return scheme != "never" }
    return json["add_prefix_space"]?.bool ?? true
  }
}
