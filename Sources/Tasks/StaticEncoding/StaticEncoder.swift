// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Synchronization
import Torch
import WordVectors

/// Sentence vectors from word vectors of many languages in one space, in one directory.
///
/// | file | holds |
/// |---|---|
/// | `encoder.json` | what the encoder is: languages, weight, how text is cut into words |
/// | `words.<language>.vectors`, `counts.<language>.txt` | its words with their vectors, and how often each came, a line each |
/// | `subwords.vectors` or `subwords.<language>.vectors` | vectors of n-grams, by bucket, for words that have none; may be absent |
/// | `components.vectors` | what sentences of each language have in common, which is taken out; may be absent |
///
/// All of them are used where they stand, so that it opens at once. ``SentenceSpace`` says what comes of a text. A text whose
/// language is not given, or is not among the encoder's, is taken to be of the one in whose counts its words are likeliest. A
/// text without any known word gives zeros; ``emptyCount`` says how many there were.
public final class StaticEncoder: SentenceEncoder {
  /// How text becomes words.
  public enum Cutting: String, Sendable, Codable, CaseIterable {
    /// As `WordSplitter` cuts it: folded, without punctuation.
    case words = "words/1"
    /// At white space, as it is: for vectors that were learnt from text cut elsewhere.
    case spaces
  }

  /// What `encoder.json` says.
  struct Manifest: Codable, Equatable {
    static let version = "koine.static-encoder/v1"

    struct Language: Codable, Equatable {
      var name: String
      var words: Int
      var total: Int
    }

    var format = Self.version
    var cutting: Cutting
    var dimension: Int
    var smoothing: Double
    var common: CommonComponent
    var subwords: SubwordTable.Shape?
    var languages: [Language]
  }

  /// The file by which such a directory is known.
  public static let manifestFile = "encoder.json"
  /// The most words and n-grams of a text unless it is told otherwise; there is no reason for less but patience.
  public static let standardMaximumLength = 100_000

  /// The directory that it was read from.
  public let directory: URL
  /// The languages with their words.
  public let space: SentenceSpace
  /// How text becomes words.
  public let cutting: Cutting
  /// The most words and n-grams of a text; what is longer is cut.
  public let maximumLength: Int
  /// Texts so far of which no word had a vector.
  public var emptyCount: Int { empty.load(ordering: .relaxed) }
  private let empty = Atomic(0)

  /// Opens a directory that ``StaticEncoderBuilder`` wrote.
  ///
  /// - Throws: `WordVectorError` where a file is missing or is not what the manifest says.
  public init(directory: URL, maximumLength: Int? = nil) throws {
    self.directory = directory
    self.maximumLength = maximumLength ?? Self.standardMaximumLength
    let manifest = try Self.manifest(of: directory)
    cutting = manifest.cutting
    space = try SentenceSpace(
      Self.languages(manifest, in: directory), smoothing: manifest.smoothing)
  }

  /// Whether a file of this name in a model directory has a part in what such an encoder says.
  public static func reads(_ name: String) -> Bool {
    name == manifestFile || name.hasSuffix(".vectors")
      || name.hasPrefix("counts.") && name.hasSuffix(".txt")
  }

  /// Numbers in a vector.
  public var width: Int { space.dimension }
  /// Nothing precedes a text.
  public var prefix: TextPrefix { .none }
  /// Words of all languages, one more, and the buckets of n-grams.
  public var vocabularySize: Int { space.numberCount }
  /// The languages, in the order of the manifest.
  public var languages: [String] { space.languages.map(\.name) }

  /// The numbers of a text's words, as ``SentenceSpace`` has them.
  public var tokenize: @Sendable (String) -> [Int32] {
    { [space, cutting] text in cutting.numbers(of: text, in: space) }
  }

  /// The numbers of texts, cut to ``maximumLength`` or to less.
  public func rows(_ texts: [String], maximumLength limit: Int?) -> [[Int32]] {
    let most = min(limit ?? maximumLength, maximumLength)
    return texts.map { Array(cutting.numbers(of: $0, in: space).prefix(most)) }
  }

  /// Looks each table's words up once, so that lanes need not wait for each other.
  public func prepare() throws {
    for language in space.languages { _ = language.words.words.index(of: "") }
  }

  /// One vector per row, `[rows, width]`, zeros for a text without a known word.
  ///
  /// - Parameter normalized: has no effect: vectors have length one.
  public func embed(
    _ rows: [[Int32]], languages: [String?], normalized: Bool, progress: (Int) -> Void
  ) throws -> Tensor {
    let size = 64
    let starts = Array(stride(from: 0, to: rows.count, by: size))
    let parts = try Lanes.map(
      starts.count,
      completed: { part in
        progress(
          rows[starts[part]..<min(starts[part] + size, rows.count)].reduce(0) { $0 + $1.count })
      }
    ) { part in
      var numbers: [Float] = []
      var empty = 0
      for row in starts[part]..<min(starts[part] + size, rows.count) {
        let given = row < languages.count ? languages[row].flatMap(space.index) : nil
        let vector = space.vector(rows[row], language: given ?? space.language(of: rows[row]) ?? 0)
        if !vector.contains(where: { $0 != 0 }) { empty += 1 }
        numbers += vector
      }
      return (numbers, empty)
    }
    empty.add(parts.reduce(0) { $0 + $1.1 }, ordering: .relaxed)
    return try Tensor(parts.flatMap(\.0), shape: [rows.count, width])
  }
}

extension StaticEncoder.Cutting {
  /// Calls `body` with each word of a text.
  public func forEachWord(in text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    switch self {
    case .words:
      WordSplitter.forEach(in: text) { word in word.withUnsafeBufferPointer(body) }
    case .spaces:
      for word in text.utf8.split(whereSeparator: { $0 == 0x20 || (0x09...0x0d).contains($0) }) {
        Array(word).withUnsafeBufferPointer(body)
      }
    }
  }

  /// The numbers of a text's words.
  func numbers(of text: String, in space: SentenceSpace) -> [Int32] {
    var numbers: [Int32] = []
    forEachWord(in: text) { space.append($0, to: &numbers) }
    return numbers
  }
}
