// SPDX-License-Identifier: Apache-2.0

/// The contents of a SentencePiece `.model` file, as far as encoding and decoding need them.
public struct SentencePieceModel: Sendable {
  /// The algorithm.
  public enum Algorithm: Int, Sendable {
    /// A unigram language model.
    case unigram = 1
    /// Byte-pair encoding.
    case bpe = 2
    /// Whole words.
    case word = 3
    /// Single scalars.
    case character = 4
  }

  /// The pieces in id order.
  public var pieces: [String] = []
  /// Their scores.
  public var scores: [Float] = []
  /// Their kinds.
  public var kinds: [Unigram.Kind] = []
  /// The algorithm.
  public var algorithm = Algorithm.unigram
  /// Whether unknown text becomes byte pieces.
  public var fallsBackToBytes = false
  /// The surface of the unknown piece when decoded.
  public var unknownSurface = " \u{2047} "
  /// The normaliser.
  public var normalizer: SentencePieceNormalizer

  /// Reads a model; throws if the bytes are truncated or no such model.
  public init(_ bytes: some Collection<UInt8>) throws(SubwordError) {
    normalizer = SentencePieceNormalizer(map: try CharacterMap(blob: []))
    var reader = ProtobufReader(Array(bytes)[...])
    while let (number, value) = try reader.next() {
      switch number {
      case 1: try readPiece(try value.bytes("a piece"))
      case 2: try readTrainer(try value.bytes("trainer_spec"))
      case 3: try readNormalizer(try value.bytes("normalizer_spec"))
      case 5: try readDenormalizer(try value.bytes("denormalizer_spec"))
      default: break
      }
    }
    guard !pieces.isEmpty else {
      throw SubwordError(.malformed, "expected a SentencePiece model, found no pieces")
    }
  }

  private mutating func readPiece(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var piece = ""
    var score: Float = 0
    var kind = Unigram.Kind.normal
    var reader = ProtobufReader(bytes)
    do throws(SubwordError) {
      while let (number, value) = try reader.next() {
        switch number {
        case 1: piece = try value.string("a piece")
        case 2: score = try value.float("a score")
        case 3:
          let code = try value.integer("a piece's type")
          guard let known = UInt8(exactly: code).flatMap(Unigram.Kind.init(rawValue:)) else {
            throw SubwordError(.malformed, "expected a piece type from 1 to 6, found \(code)")
          }
          kind = known
        default: break
        }
      }
    } catch {
      throw error.inside("piece \(pieces.count)")
    }
    guard !piece.isEmpty else {
      throw SubwordError(
        .malformed, "expected a piece with text, found none", at: "piece \(pieces.count)")
    }
    pieces.append(piece)
    scores.append(score)
    kinds.append(kind)
  }

  private mutating func readTrainer(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var reader = ProtobufReader(bytes)
    while let (number, value) = try reader.next() {
      switch number {
      case 3:
        let code = try value.integer("model_type")
        guard let known = Algorithm(rawValue: code) else {
          throw SubwordError(.malformed, "expected a model type from 1 to 4, found \(code)")
        }
        algorithm = known
      case 24: normalizer.treatsWhitespaceAsSuffix = try value.integer("a flag") != 0
      case 35: fallsBackToBytes = try value.integer("byte_fallback") != 0
      case 44: unknownSurface = try value.string("unk_surface")
      default: break
      }
    }
  }

  private mutating func readNormalizer(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var reader = ProtobufReader(bytes)
    while let (number, value) = try reader.next() {
      switch number {
      case 2: normalizer.map = try CharacterMap(blob: Array(try value.bytes("the charsmap")))
      case 3: normalizer.addsDummyPrefix = try value.integer("add_dummy_prefix") != 0
      case 4: normalizer.removesExtraWhitespaces = try value.integer("a flag") != 0
      case 5: normalizer.escapesWhitespaces = try value.integer("escape_whitespaces") != 0
      default: break
      }
    }
  }

  private func readDenormalizer(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var reader = ProtobufReader(bytes)
    while let (number, value) = try reader.next() {
      guard number == 2 else { continue }
      guard try value.bytes("the denormalizer").isEmpty else {
        throw SubwordError(
          .unsupported, "expected a model without denormalizer rules, found some")
      }
    }
  }
}

extension TokenizerConfiguration {
  /// The stages of a SentencePiece model, with the model's own ids and nothing put around texts.
  public init(sentencePiece model: SentencePieceModel) throws(SubwordError) {
    guard model.algorithm == .unigram else {
      throw SubwordError(
        .unsupported, "expected a unigram model, found \(model.algorithm)")
    }
    guard let unknown = model.kinds.firstIndex(of: .unknown) else {
      throw SubwordError(.malformed, "expected an unknown piece, found none")
    }
    var normalizer = model.normalizer
    let symbols = model.kinds.indices.filter { model.kinds[$0] == .userDefined }
    if !symbols.isEmpty {
      normalizer.protected = try PieceTrie(
        symbols.map { (Array(model.pieces[$0].utf8)[...], Int32($0)) })
    }
    self.init(
      normalizer: .sentencePiece(normalizer),
      model: try Unigram(
        pieces: model.pieces, scores: model.scores.map(Double.init), unknownID: Int32(unknown),
        fallsBackToBytes: model.fallsBackToBytes, kinds: model.kinds))
    sentencePieceDecoding = SentencePieceDecoding(
      unknownSurface: model.unknownSurface, addsDummyPrefix: normalizer.addsDummyPrefix,
      removesExtraWhitespaces: normalizer.removesExtraWhitespaces)
  }

  /// The same model with the ids and the template of XLM-R, which numbers as fairseq did:
  /// `<s>` 0, `<pad>` 1, `</s>` 2, `<unk>` 3, the others one up, `<mask>` last.
  func asXLMRoberta() -> TokenizerConfiguration {
    var copy = self
    let mask = Int32(model.pieces.count + 1)
    copy.idMap = .xlmRoberta
    copy.postProcessor = .xlmRoberta
    copy.addedTokens = AddedToken.xlmRoberta(maskID: mask)
    copy.findsAddedTokens = false
    return copy
  }
}

extension PostProcessor {
  /// `<s> A </s>` and `<s> A </s> </s> B </s>`, all of type 0.
  public static let xlmRoberta: PostProcessor = {
    let begin = Part.special([0], name: "<s>", typeID: 0)
    let end = Part.special([2], name: "</s>", typeID: 0)
    let (first, second) = (Part.sequence(0, typeID: 0), Part.sequence(1, typeID: 0))
    return PostProcessor(
      single: [begin, first, end], pair: [begin, first, end, end, second, end])
  }()
}

extension AddedToken {
  /// The added tokens of XLM-R; the mask takes the space before it.
  public static func xlmRoberta(maskID: Int32) -> [AddedToken] {
    ["<s>", "<pad>", "</s>", "<unk>"].enumerated().map { AddedToken(id: Int32($0), content: $1) }
      + [AddedToken(id: maskID, content: "<mask>", stripsLeft: true)]
  }
}
