// SPDX-License-Identifier: Apache-2.0

extension TrainerSpecification {
  /// One field of the message: its number in `sentencepiece_model.proto` and where it is kept.
  private enum Field {
    case strings(Int, WritableKeyPath<TrainerSpecification, [String]> & Sendable)
    case string(Int, WritableKeyPath<TrainerSpecification, String> & Sendable)
    case integer(Int, WritableKeyPath<TrainerSpecification, Int> & Sendable)
    case flag(Int, WritableKeyPath<TrainerSpecification, Bool> & Sendable)
    case float(Int, WritableKeyPath<TrainerSpecification, Float> & Sendable)

    var number: Int {
      switch self {
      case .strings(let number, _), .string(let number, _), .integer(let number, _),
        .flag(let number, _), .float(let number, _):
        number
      }
    }
  }

  private static let fields: [Field] = [
    .strings(1, \.inputs), .string(2, \.modelPrefix), .integer(4, \.vocabularySize),
    .strings(5, \.acceptedLanguages), .integer(6, \.selfTestSampleSize), .string(7, \.inputFormat),
    .float(10, \.characterCoverage), .integer(11, \.inputSentenceSize),
    .integer(14, \.seedPieceCount), .float(15, \.shrinkingFactor), .integer(16, \.threadCount),
    .integer(17, \.subIterationCount), .integer(18, \.maximumSentenceLength),
    .flag(19, \.shufflesInputSentence), .integer(20, \.maximumPieceLength),
    .flag(21, \.splitsByUnicodeScript), .flag(22, \.splitsByWhitespace),
    .flag(23, \.splitsByNumber), .flag(24, \.treatsWhitespaceAsSuffix), .flag(25, \.splitsDigits),
    .flag(26, \.allowsWhitespaceOnlyPieces), .strings(30, \.controlSymbols),
    .strings(31, \.userDefinedSymbols), .flag(32, \.outputsPieceScores),
    .flag(33, \.hasHardVocabularyLimit), .flag(34, \.usesAllVocabulary), .flag(35, \.byteFallback),
    .string(36, \.requiredCharacters), .integer(40, \.unknownID), .integer(41, \.beginID),
    .integer(42, \.endID), .integer(43, \.padID), .string(44, \.unknownSurface),
    .string(45, \.unknownPiece), .string(46, \.beginPiece), .string(47, \.endPiece),
    .string(48, \.padPiece), .flag(49, \.trainsExtremelyLargeCorpus),
    .string(53, \.pretokenizationDelimiter), .string(54, \.seedPiecesFile),
  ]

  private static let algorithmField = 3

  /// Takes over what a message says; fields that it leaves out keep their values.
  mutating func read(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var reader = ProtobufReader(bytes)
    var isReplaced = Set<Int>()
    while let (number, value) = try reader.next() {
      if number == Self.algorithmField {
        let code = try value.integer("model_type")
        guard let known = SentencePieceModel.Algorithm(rawValue: code) else {
          throw SubwordError(.malformed, "expected a model type from 1 to 4, found \(code)")
        }
        algorithm = known
        continue
      }
      guard let field = Self.fields.first(where: { $0.number == number }) else {
        others += value.field(number)
        continue
      }
      let name = "field \(number) of trainer_spec"
      switch field {
      case .strings(_, let path):
        if isReplaced.insert(number).inserted { self[keyPath: path] = [] }
        self[keyPath: path].append(try value.string(name))
      case .string(_, let path): self[keyPath: path] = try value.string(name)
      case .integer(_, let path): self[keyPath: path] = try value.wideInteger(name)
      case .flag(_, let path): self[keyPath: path] = try value.integer(name) != 0
      case .float(_, let path): self[keyPath: path] = try value.float(name)
      }
    }
  }

  /// The message: what differs from the format's defaults, and the settings that readers look at.
  var serialized: [UInt8] {
    let defaults = TrainerSpecification()
    var writer = ProtobufWriter()
    writer.integer(Self.algorithmField, algorithm.rawValue)
    for field in Self.fields {
      switch field {
      case .strings(let number, let path):
        for value in self[keyPath: path] { writer.string(number, value) }
      case .string(let number, let path):
        guard !self[keyPath: path].utf8.elementsEqual(defaults[keyPath: path].utf8) else {
          continue
        }
        writer.string(number, self[keyPath: path])
      case .integer(let number, let path):
        guard number == 4 || self[keyPath: path] != defaults[keyPath: path] else { continue }
        writer.integer(number, self[keyPath: path])
      case .flag(let number, let path):
        guard self[keyPath: path] != defaults[keyPath: path] else { continue }
        writer.flag(number, self[keyPath: path])
      case .float(let number, let path):
        guard self[keyPath: path] != defaults[keyPath: path] else { continue }
        writer.float(number, self[keyPath: path])
      }
    }
    writer.append(others)
    return writer.bytes
  }
}
