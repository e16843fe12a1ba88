// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A sentencepiece Unigram `.model`: pieces, ids and offsets as sentencepiece itself gives them.
///
/// It never changes once it is made, and may be used from any number of threads.
public final class SentencePieceTokenizer: Sendable {
  /// One piece of a text.
  public struct Token: Sendable, Equatable {
    /// The piece; a run of unknown characters is one.
    public var piece: String
    /// Its id.
    public var id: Int32
    /// Where it stands in the text that was given, in UTF-8 bytes.
    public var bytes: Range<Int>
  }

  let file: SentencePieceModel
  let model: Unigram
  private let normalizer: SentencePieceNormalizer

  /// Reads a `.model` file.
  public init(contentsOf url: URL) throws(SubwordError) {
    guard let data = try? Data(contentsOf: url) else {
      throw SubwordError(
        .file, "cannot be read; expected a sentencepiece .model file", at: url.path)
    }
    do throws(SubwordError) {
      let file = try SentencePieceModel(parsing: [UInt8](data))
      guard file.modelType == 1 else {
        throw SubwordError(.unsupported, "the model is not of the Unigram type, which is supported")
      }
      self.file = file
      normalizer = try SentencePieceNormalizer(file)
      guard let unknown = file.pieces.firstIndex(where: { $0.kind == .unknown }) else {
        throw SubwordError(.format, "the model has no piece for unknown characters")
      }
      let normal = file.pieces.filter { $0.kind == .normal }.map { Double($0.score) }
      let best = normal.max() ?? 0
      model = Unigram(
        pieces: file.pieces.map(\.text),
        scores: file.pieces.map { piece in
          // A symbol of the user's wins over every segmentation of its text.
          piece.kind == .userDefined
            ? Double(Float(piece.text.utf8.count) * Float(best) - 0.1) : Double(piece.score)
        }, unknownID: Int32(unknown),
        isSearched: { [.normal, .userDefined].contains(file.pieces[$0].kind) },
        minimumScore: normal.min() ?? 0, byteFallback: file.byteFallback, precision: .single)
    } catch {
      throw SubwordError(error.code, error.message, at: url.path)
    }
  }

  /// The number of pieces.
  public var vocabularySize: Int { file.pieces.count }

  /// The normalised text, spaces escaped.
  public func normalize(_ text: String) -> String {
    String(decoding: normalizer.normalize(Array(text.utf8)).bytes, as: UTF8.self)
  }

  /// Ids of a text, without special tokens.
  public func ids(of text: String) -> [Int32] { encode(text).map(\.id) }

  /// The pieces of a text.
  public func encode(_ text: String) -> [Token] {
    let (bytes, origins) = normalizer.normalize(Array(text.utf8))
    return tokens(bytes.withUnsafeBufferPointer(model.segments), bytes, origins)
  }

  private func tokens(
    _ segments: [Unigram.Segment], _ bytes: [UInt8], _ origins: [Int]
  ) -> [Token] {
    var tokens: [Token] = []
    var followsUnknown = false
    for segment in segments {
      let start = origins[segment.range.lowerBound]
      let end = origins[segment.range.upperBound]
      let isUnknown = segment.id == model.unknownID
      let piece = String(decoding: bytes[segment.range], as: UTF8.self)
      if isUnknown, !model.byteIDs.isEmpty {
        for place in segment.range {
          let id = model.byteIDs[Int(bytes[place])]
          let isLast = place == segment.range.upperBound - 1
          tokens.append(
            Token(piece: model.pieces[Int(id)], id: id, bytes: start..<(isLast ? end : start)))
        }
      } else if isUnknown, followsUnknown, let last = tokens.indices.last {
        tokens[last].piece += piece
        tokens[last].bytes = tokens[last].bytes.lowerBound..<end
      } else {
        tokens.append(Token(piece: piece, id: segment.id, bytes: start..<end))
      }
      followsUnknown = isUnknown
    }
    return tokens
  }

  /// The best segmentations of a text by their scores, as ids.
  public func best(_ count: Int, _ text: String) -> [[Int32]] {
    let (bytes, origins) = normalizer.normalize(Array(text.utf8))
    let paths = bytes.withUnsafeBufferPointer { model.best(count, $0) }
    return paths.map { tokens($0, bytes, origins).map(\.id) }
  }

  /// The text of ids; control pieces are nothing, unknown ones a mark, byte pieces their bytes.
  public func decode(_ ids: [Int32]) -> String {
    var result: [UInt8] = []
    var pending: [UInt8] = []
    var isFirst = true
    func flush() {
      // Each byte that is not part of valid UTF-8 becomes a mark of its own.
      var rest = pending[...]
      while let first = rest.first {
        let size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        if size > 0, size <= rest.count,
          String(validating: rest.prefix(size), as: UTF8.self) != nil
        {
          result += rest.prefix(size)
          rest = rest.dropFirst(size)
        } else {
          result += [0xef, 0xbf, 0xbd]
          rest = rest.dropFirst()
        }
      }
      pending = []
    }
    for id in ids where file.pieces.indices.contains(Int(id)) {
      let piece = file.pieces[Int(id)]
      if piece.kind == .byte {
        pending.append(UInt8(piece.text.dropFirst(3).dropLast(), radix: 16) ?? 0)
        isFirst = false
        continue
      }
      flush()
      switch piece.kind {
      case .control: continue
      case .unknown: result += Array(file.unknownSurface.utf8)
      default:
        var bytes = Array(piece.text.utf8)[...]
        let mark: [UInt8] = [0xe2, 0x96, 0x81]
        if isFirst, file.addsDummyPrefix || file.removesExtraSpaces {
          if file.removesExtraSpaces {
            while bytes.starts(with: mark) { bytes = bytes.dropFirst(3) }
          } else if bytes.starts(with: mark) {
            bytes = bytes.dropFirst(3)
          }
        }
        while !bytes.isEmpty {
          if bytes.starts(with: mark) {
            result.append(0x20)
            bytes = bytes.dropFirst(3)
          } else if let byte = bytes.popFirst() {
            result.append(byte)
          }
        }
        // A first piece of nothing but spaces leaves the next one first.
        if isFirst, file.removesExtraSpaces, result.isEmpty { continue }
      }
      isFirst = false
    }
    flush()
    return String(decoding: result, as: UTF8.self)
  }
}
