// SPDX-License-Identifier: Apache-2.0

extension SentencePieceModel {
  /// Reads a model; throws if the bytes are truncated or no such model.
  public init(_ bytes: some Collection<UInt8>) throws(SubwordError) {
    normalizer = SentencePieceNormalizer(map: try CharacterMap(blob: []))
    var reader = ProtobufReader(Array(bytes)[...])
    while let (number, value) = try reader.next() {
      switch number {
      case 1: try readPiece(try value.bytes("a piece"))
      case 2: try trainer.read(try value.bytes("trainer_spec"))
      case 3: try readNormalizer(try value.bytes("normalizer_spec"))
      case 4: try readSelfTests(try value.bytes("self_test_data"))
      case 5: try readDenormalizer(try value.bytes("denormalizer_spec"))
      default: break
      }
    }
    normalizer.treatsWhitespaceAsSuffix = trainer.treatsWhitespaceAsSuffix
    guard !pieces.isEmpty else {
      throw SubwordError(.malformed, "expected a SentencePiece model, found no pieces")
    }
  }

  private mutating func readPiece(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var piece = ""
    var score: Float = 0
    var kind = PieceKind.normal
    var reader = ProtobufReader(bytes)
    do throws(SubwordError) {
      while let (number, value) = try reader.next() {
        switch number {
        case 1: piece = try value.string("a piece")
        case 2: score = try value.float("a score")
        case 3:
          let code = try value.integer("a piece's type")
          guard let known = UInt8(exactly: code).flatMap(PieceKind.init(rawValue:)) else {
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

  private mutating func readNormalizer(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var reader = ProtobufReader(bytes)
    while let (number, value) = try reader.next() {
      switch number {
      case 1: normalizerName = try value.string("the normalizer's name")
      case 2: normalizer.map = try CharacterMap(blob: Array(try value.bytes("the charsmap")))
      case 3: normalizer.addsDummyPrefix = try value.integer("add_dummy_prefix") != 0
      case 4: normalizer.removesExtraWhitespaces = try value.integer("a flag") != 0
      case 5: normalizer.escapesWhitespaces = try value.integer("escape_whitespaces") != 0
      default: break
      }
    }
  }

  private mutating func readSelfTests(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var reader = ProtobufReader(bytes)
    while let (number, value) = try reader.next() {
      guard number == 1 else { continue }
      var sample = ProtobufReader(try value.bytes("a self test"))
      var (input, expected) = ("", "")
      while let (number, value) = try sample.next() {
        switch number {
        case 1: input = try value.string("a self test's input")
        case 2: expected = try value.string("a self test's output")
        default: break
        }
      }
      selfTests.append((input, expected))
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
