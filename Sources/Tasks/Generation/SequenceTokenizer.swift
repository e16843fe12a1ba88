// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Transformers

/// Text to and from the ids of an encoder-decoder, whose two sides may cut text differently and number pieces by a list of their own.
///
/// | family | files | a source row |
/// |---|---|---|
/// | T5, mT5 | `tokenizer.json` or `spiece.model` | text, `</s>` |
/// | MarianMT | `source.spm`, `target.spm`, `vocab.json` | text with `>>lang<<` in front where the model wants it, `</s>` |
/// | M2M100 | `sentencepiece.bpe.model`, `vocab.json` | `__lang__`, text, `</s>` |
/// | NLLB | `tokenizer.json` | `lang_Script`, text, `</s>` |
public struct SequenceTokenizer: Sendable {
  /// How pieces are cut on each side, and which id each has.
  private let source: Tokenizer
  private let target: Tokenizer
  /// The list of ids beside the model's own; nil where those are the ids.
  private let list: PieceList?
  private let family: SequenceConfiguration.Family
  private let endID: Int32
  private let languages: [String: Int32]

  /// Opens the tokenizer's files in a model's directory.
  ///
  /// - Throws: `TransformerError` and `SubwordError`, where files are missing or do not belong together.
  public init(_ directory: URL, _ configuration: SequenceConfiguration) throws {
    family = configuration.family
    func file(_ name: String) -> URL { directory.appendingPathComponent(name) }
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }
    let isListed = has("vocab.json") && !has("tokenizer.json")
    switch configuration.family {
    case .marian where isListed:
      source = try Tokenizer(contentsOf: file("source.spm"))
      target = try Tokenizer(contentsOf: file("target.spm"))
      list = try PieceList(file("vocab.json"))
    case .m2m100 where isListed:
      source = try Tokenizer(contentsOf: file("sentencepiece.bpe.model"))
      (target, list) = (source, try PieceList(file("vocab.json")))
    default:
      source = try Tokenizer(contentsOf: directory)
      (target, list) = (source, nil)
    }
    languages = try Self.languages(directory, source, list, configuration.family)
    let end = list?.ids["</s>"] ?? source.endID
    guard let end else {
      throw TransformerError(
        .configuration, "the tokenizer has no piece </s> that ends a text", at: directory.path)
    }
    endID = end
    let size = max(list?.pieces.count ?? 0, languages.values.map { Int($0) + 1 }.max() ?? 0)
    guard size <= configuration.vocabularySize else {
      throw TransformerError(
        .checkpoint,
        "the tokenizer has ids up to \(size - 1), the embedding matrix only \(configuration.vocabularySize) rows; "
          + "they do not belong together", at: directory.path)
    }
  }

  /// The languages that the model is told of, by their codes, sorted; none where it is told of none.
  public var languageCodes: [String] { languages.keys.sorted() }

  /// The id that stands for a language.
  ///
  /// - Throws: `TransformerError` for a code that the model does not know.
  public func languageID(_ code: String) throws -> Int32 {
    if let id = languages[code] { return id }
    let known = languageCodes
    throw TransformerError(
      .input,
      known.isEmpty
        ? "the model is told of no languages, found '\(code)'; leave the language out"
        : "expected one of the model's languages (\(known.prefix(12).joined(separator: ", "))\(known.count > 12 ? ", …" : "")), "
          + "found '\(code)'")
  }

  /// The ids of a source text.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - language: its language's code, which M2M100 and NLLB want.
  ///   - target: the code of the language to write, which MarianMT's models with many targets want in front of the text.
  ///   - maximumLength: the most ids; the text's end gives way. nil for any number.
  public func row(
    _ text: String, language: String? = nil, target: String? = nil, maximumLength: Int? = nil
  ) throws -> [Int32] {
    var front: [Int32] = []
    var text = Substring(text)
    switch family {
    case .marian:
      if let target { front = [try languageID(target)] }
      // A code that is written in front of the text is the model's own way.
      if front.isEmpty, let code = Self.code(in: text), let id = languages[code.name] {
        front = [id]
        text = code.rest
      }
    case .m2m100:
      guard let language else {
        throw TransformerError(
          .input,
          "the model wants to know the text's language; name one of \(languageCodes.prefix(12).joined(separator: ", "))"
        )
      }
      front = [try languageID(language)]
    case .t5, .mt5: break
    }
    let room = maximumLength.map { max(0, $0 - front.count - 1) }
    var ids = source.ids(
      of: String(text), addsSpecialTokens: false, recognizesSpecialTokens: false)
    if let room, ids.count > room { ids = Array(ids.prefix(room)) }
    if let list { ids = ids.map { list.id(of: source.piece(of: $0)) } }
    return front + ids + [endID]
  }

  /// The text of ids that a model wrote; special pieces and languages are left out.
  public func text(_ ids: [Int32]) -> String {
    let codes = Set(languages.values)
    let kept = ids.filter { !codes.contains($0) && $0 != endID }
    guard let list else { return target.decode(kept) }
    let pieces = kept.compactMap { id -> String? in
      guard list.pieces.indices.contains(Int(id)), let piece = list.pieces[Int(id)] else {
        return nil
      }
      return ["<pad>", "<s>", "</s>", "<unk>"].contains(piece) ? nil : piece
    }
    let known = pieces.compactMap(target.id(of:))
    guard known.count < pieces.count else { return target.decode(known) }
    // Pieces of the other side's alone stand for their own letters.
    let text = pieces.joined().replacingOccurrences(of: "\u{2581}", with: " ")
    return text.hasPrefix(" ") ? String(text.dropFirst()) : text
  }

  /// The code in front of a text, ">>fra<<", and what follows it.
  private static func code(in text: Substring) -> (name: String, rest: Substring)? {
    guard text.hasPrefix(">>"), let end = text.range(of: "<<") else { return nil }
    return (
      String(text[text.index(text.startIndex, offsetBy: 2)..<end.lowerBound]),
      text[end.upperBound...]
    )
  }

  private static func languages(
    _ directory: URL, _ tokenizer: Tokenizer, _ list: PieceList?,
    _ family: SequenceConfiguration.Family
  ) throws -> [String: Int32] {
    var result: [String: Int32] = [:]
    switch family {
    case .t5, .mt5: break
    case .marian:
      for (piece, id) in list?.ids ?? [:] where piece.hasPrefix(">>") && piece.hasSuffix("<<") {
        result[String(piece.dropFirst(2).dropLast(2))] = id
      }
    case .m2m100:
      // NLLB: added pieces such as eng_Latn. M2M100: __en__, numbered behind all listed pieces.
      for added in tokenizer.configuration.addedTokens where isLanguage(added.content) {
        result[bare(added.content)] = added.id
      }
      guard let list else { break }
      for (index, name) in try Self.namedLanguages(directory).enumerated() {
        result[bare(name)] = list.ids[name] ?? Int32(list.pieces.count + index)
      }
      let file = directory.appendingPathComponent("added_tokens.json")
      if let data = try? Data(contentsOf: file),
        let ids = try? JSONDecoder().decode([String: Int32].self, from: data)
      {
        for (name, id) in ids where isLanguage(name) { result[bare(name)] = id }
      }
    }
    return result
  }

  /// Language pieces in the order in which `special_tokens_map.json` or `tokenizer_config.json` has them.
  private static func namedLanguages(_ directory: URL) throws -> [String] {
    struct Fields: Decodable { var additional_special_tokens: [Name]? }
    struct Name: Decodable {
      let text: String
      init(from decoder: any Decoder) throws {
        struct Object: Decodable { var content: String }
        let container = try decoder.singleValueContainer()
        text =
          try (try? container.decode(String.self)) ?? container.decode(Object.self).content
      }
    }
    for name in ["special_tokens_map.json", "tokenizer_config.json"] {
      let file = directory.appendingPathComponent(name)
      guard let data = try? Data(contentsOf: file),
        let fields = try? JSONDecoder().decode(Fields.self, from: data),
        let names = fields.additional_special_tokens, !names.isEmpty
      else { continue }
      return names.map(\.text).filter(isLanguage)
    }
    // What transformers has built in for directories that name none (fairseq's order).
    return Self.publishedCodes.map { "__\($0)__" }
  }

  /// The languages of the published M2M100 models, in the order of their ids.
  private static let publishedCodes = """
    af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu ha he hi hr ht hu hy id ig ilo \
    is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so sq sr \
    ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu
    """.split(separator: " ").map(String.init)

  private static func isLanguage(_ piece: String) -> Bool {
    if piece.hasPrefix("__"), piece.hasSuffix("__"), piece.utf8.count > 5 { return true }
    // "eng_Latn"
    let bytes = Array(piece.utf8)
    return bytes.count == 8 && bytes[3] == UInt8(ascii: "_")
      && bytes[..<3].allSatisfy { (0x61...0x7A).contains($0) } && (0x41...0x5A).contains(bytes[4])
  }

  private static func bare(_ piece: String) -> String {
    piece.hasPrefix("__") ? String(piece.dropFirst(2).dropLast(2)) : piece
  }
}
