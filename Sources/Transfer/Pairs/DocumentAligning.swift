// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import WordVectors

/// Aligns the sentences of pairs of documents, by vectors that are made first, or by length.
public struct DocumentAligning {
  /// Two documents that say the same.
  public typealias Pair = (source: SentenceDocument, target: SentenceDocument)

  /// How sentences are set beside each other.
  public enum Method {
    /// By vectors of sentences and of their neighbours taken together.
    case vectors(VectorAligner, TextVectors, languages: (source: String?, target: String?))
    /// By length.
    case length(LengthAligner)
  }

  private let method: Method
  private let log: (String) -> Void

  /// Aligning by a method, which tells `log` of progress.
  public init(_ method: Method, log: @escaping (String) -> Void) {
    self.method = method
    self.log = log
  }

  /// The alignments of each pair of documents; on the compute thread.
  ///
  /// - Throws: `WordVectorError` where a setting is out of its range, and what the encoder throws.
  public func align(_ pairs: [Pair]) throws -> [[SentenceAlignment]] {
    switch method {
    case .length(var aligner):
      // A short document alone would say little of how much longer its language is.
      aligner.ratio = aligner.ratio ?? Self.ratio(pairs)
      return try pairs.map { pair in
        try aligner.align(pair.source.lengths, pair.target.lengths)
      }
    case .vectors(var aligner, let vectors, let languages):
      aligner.lengthRatio = aligner.lengthRatio ?? Self.ratio(pairs)
      let source = try RunVectors(
        pairs.map(\.source), overlap: aligner.overlap, vectors, language: languages.source,
        title: "source")
      let target = try RunVectors(
        pairs.map(\.target), overlap: aligner.overlap, vectors, language: languages.target,
        title: "target")
      var meter = ProgressMeter(log)
      meter.name("aligning")
      meter.begin(pairs.reduce(0) { $0 + $1.source.sentences.count }, unit: "sentences")
      defer { meter.end() }
      return try pairs.map { pair in
        defer { meter.advance(pair.source.sentences.count) }
        return try aligner.align(
          source.vectors(of: pair.source), target.vectors(of: pair.target),
          lengths: (pair.source.lengths, pair.target.lengths))
      }
    }
  }

  /// Characters of all targets for one of the sources; nil where a side has none.
  private static func ratio(_ pairs: [Pair]) -> Double? {
    let source = pairs.reduce(0) { $0 + $1.source.lengths.reduce(0, +) }
    let target = pairs.reduce(0) { $0 + $1.target.lengths.reduce(0, +) }
    return source > 0 && target > 0 ? Double(target) / Double(source) : nil
  }
}

/// The vectors of all runs of neighbouring sentences in documents, each text once.
private struct RunVectors {
  private let overlap: Int
  private var places: [String: Int] = [:]
  private let matrix: VectorMatrix
  private let zeros: VectorMatrix

  init(
    _ documents: [SentenceDocument], overlap: Int, _ vectors: TextVectors, language: String?,
    title: String
  ) throws {
    self.overlap = overlap
    var texts: [String] = []
    for document in documents {
      for size in 1...overlap {
        for last in document.sentences.indices where last + 1 >= size {
          let text = document.text(last + 1 - size..<last + 1)
          guard !text.isEmpty, places[text] == nil else { continue }
          places[text] = texts.count
          texts.append(text)
        }
      }
    }
    matrix = try vectors.vectors(of: texts, language: language, title: title)
    zeros = VectorMatrix(rows: 1, columns: matrix.columns) { _ in }
  }

  func vectors(of document: SentenceDocument) -> OverlapVectors {
    OverlapVectors(
      count: document.sentences.count, overlap: overlap, width: matrix.columns
    ) { size, last in
      // A run of blank lines has no text, and so no direction.
      places[document.text(last + 1 - size..<last + 1)].map { matrix[$0] } ?? zeros[0]
    }
  }
}

extension SentenceDocument {
  /// The sentences' lengths in characters: scalars of Unicode, without white space at the ends.
  fileprivate var lengths: [Int] {
    sentences.map { sentence in
      let scalars = Substring(sentence).unicodeScalars
      let trimmed = scalars.drop { $0.properties.isWhitespace }
      return trimmed.reversed().drop { $0.properties.isWhitespace }.count
    }
  }
}
