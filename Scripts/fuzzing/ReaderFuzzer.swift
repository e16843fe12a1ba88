// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Subwords
@testable import WordVectors

/// What libFuzzer calls: a file's bytes go to one reader, and what it reads is put to use.
enum ReaderFuzzer: String, CaseIterable {
  case model, json, vocab, tiers, vectors

  static let chosen = ProcessInfo.processInfo.environment["KOINE_FUZZ_READER"]
    .flatMap(ReaderFuzzer.init(rawValue:))

  /// A place in memory for readers that want a file.
  private static let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("koine-fuzz-\(ProcessInfo.processInfo.processIdentifier)")

  static func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> URL {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return url
  }

  static let texts = [
    "", "a the  ab\u{2581}中 é ① <s>x</s> \u{600}b 👍🏽 [CLS] ab2024 ",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab ab ab ab",
  ]

  func run(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    switch self {
    case .model: try use(TokenizerConfiguration(sentencePiece: SentencePieceModel(bytes)))
    case .json: try use(TokenizerConfiguration(tokenizerJSON: bytes))
    case .vocab: try use(TokenizerConfiguration(contentsOf: Self.file("vocab.txt", bytes)))
    case .tiers: try useTiers(bytes)
    case .vectors: try useVectors(bytes)
    }
  }

  private func use(_ configuration: TokenizerConfiguration) throws {
    let tokenizer = try Tokenizer(configuration)
    for text in Self.texts {
      for recognizes in [true, false] {
        let encoding = try tokenizer.encode(
          text, pair: "ab", recognizesSpecialTokens: recognizes, unit: .utf16)
        _ = tokenizer.decode(encoding.ids)
        let ids = tokenizer.ids(of: text, recognizesSpecialTokens: recognizes)
        _ = tokenizer.decode(ids, skippingSpecialTokens: false)
      }
      _ = tokenizer.encodeLines(Array(text.utf8))
    }
    _ = try? tokenizer.bestSegmentations(of: Self.texts[1], count: 3)
    var output = [UInt8]()
    let encoder = try LineEncoder(tokenizer, LineEncoder.Options())
    _ = encoder.appendLines(Array(Self.texts[1].utf8), to: &output)
    for format in ExportFormat.allCases {
      guard let copy = try? format.contents(for: tokenizer) else { continue }
      // What was written must be read again.
      switch format {
      case .sentencePiece: _ = try SentencePieceModel(copy)
      case .tokenizerJSON: _ = try Tokenizer(TokenizerConfiguration(tokenizerJSON: copy))
      case .vocab, .vocabText: break
      }
    }
  }

  private func useTiers(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    let tokenizer = try Tokenizer(Fixtures.xlmRoberta())
    let pieces = tokenizer.piecesByID
    let tiers = try VocabularyTiers(contentsOf: Self.file("a.tiers.json", bytes), pieces: pieces)
    _ = tiers.allPacks
    _ = tiers.packs(without: ["deu_Latn"])
    for pack in tiers.allPacks.prefix(3) {
      let part = try tokenizer.using(packs: [pack.name], of: tiers)
      _ = part.ids(of: Self.texts[1])
    }
  }

  private func useVectors(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    let model = try FastTextModel(contentsOf: Self.file("a.bin", bytes).path)
    _ = model.vector(ofWord: "hammer")
    _ = model.subwords(of: "сыр")
    _ = model.vector(ofSentence: "the hammer </s>")
    let classifier = try FastTextClassifier(model)
    for text in ["the hammer", "", "сыр \0 the", Self.texts[1]] {
      _ = classifier.predictions(for: text, limit: 3)
      _ = classifier.logProbabilities(for: text)
    }
  }
}

/// Writes the seeds and ends, where the environment names a folder for them.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer)
  -> CInt
{
  guard let folder = ProcessInfo.processInfo.environment["KOINE_FUZZ_SEEDS"] else { return 0 }
  do {
    try ReaderSeeds.write(to: URL(fileURLWithPath: folder))
    exit(0)
  } catch {
    FileHandle.standardError.write(Data("the seeds cannot be written: \(error)\n".utf8))
    exit(1)
  }
}

/// Gives the chosen reader a file.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // A file that is refused is what a reader is for; only what ends the process is a finding.
  try? ReaderFuzzer.chosen?.run(UnsafeBufferPointer(start: start, count: count))
  return 0
}
