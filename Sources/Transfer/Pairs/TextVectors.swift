// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import WordVectors

/// Makes the vectors of many texts, piece by piece, and keeps them, so that a run that was killed goes on where it was.
///
/// Where there is a folder to work in, the vectors lie there as a NumPy matrix named by a digest of the encoder, the language and the
/// texts; what is not whole yet ends in `.partial`. Without one they are in memory or, where they are many, in a file without a name.
public struct TextVectors {
  private let encoder: any SentenceEncoder
  private let reading: TextReading
  private let identity: String
  private let folder: URL?
  private let log: (String) -> Void
  /// Texts of a piece: what is done again at most.
  var pieceSize = 1024

  /// Vectors by an encoder.
  ///
  /// - Parameters:
  ///   - encoder: What makes them; it is used on the compute thread.
  ///   - reading: How texts are put to it; as they are by default.
  ///   - identity: What tells the encoder's vectors from all others: a digest of its files and settings.
  ///   - folder: Where they are kept; it is made where it is not there. Nil keeps nothing.
  ///   - log: Is told of progress.
  public init(
    by encoder: any SentenceEncoder, reading: TextReading = .plain, identity: String,
    keptIn folder: URL?, log: @escaping (String) -> Void
  ) {
    self.encoder = encoder
    self.reading = reading
    self.identity = identity
    self.folder = folder
    self.log = log
  }

  /// One vector for each text, of length 1, or 0 where the encoder knows nothing of it.
  ///
  /// - Parameter title: What progress calls the texts.
  /// - Throws: `RecipeError.Code.file` where the folder cannot be written or another run is at the same vectors, and what the encoder throws.
  public func vectors(
    of texts: [String], language: String?, title: String
  ) throws -> VectorMatrix {
    guard let folder, !texts.isEmpty else { return try unkept(texts, language, title) }
    let file = folder.appendingPathComponent("\(digest(texts, language)).npy")
    if !FileManager.default.fileExists(atPath: file.path) {
      let partial = try PartialMatrix(file, width: encoder.width)
      // Another run may have finished it while this one opened it.
      if !FileManager.default.fileExists(atPath: file.path) {
        let done = min(partial.rows / pieceSize * pieceSize, texts.count)
        try partial.cut(to: done)
        if done > 0 { log("\(title): going on after \(done) of \(texts.count) texts") }
        try forEachPiece(texts, language, title, from: done) { try partial.append($0) }
        try partial.finish()
      }
    }
    return try VectorMatrix(numpy: file.path)
  }

  private func unkept(
    _ texts: [String], _ language: String?, _ title: String
  ) throws -> VectorMatrix {
    var store = RowStore(dimension: encoder.width, expecting: texts.count)
    try forEachPiece(texts, language, title, from: 0) { numbers in
      try numbers.withUnsafeBufferPointer { numbers in
        for start in stride(from: 0, to: numbers.count, by: encoder.width) {
          if let base = numbers.baseAddress { try store.append(base + start) }
        }
      }
    }
    return try store.finished()
  }

  private func forEachPiece(
    _ texts: [String], _ language: String?, _ title: String, from first: Int,
    _ body: ([Float]) throws -> Void
  ) throws {
    var meter = ProgressMeter(log)
    meter.name(title)
    meter.begin(texts.count - first, unit: "texts")
    for start in stride(from: first, to: texts.count, by: pieceSize) {
      let piece = Array(texts[start..<min(texts.count, start + pieceSize)])
      try body(
        encoder.embed(encoder.rows(reading(piece, language: language)), language: language)
          .elements(as: Float.self))
      meter.advance(piece.count)
    }
    meter.end()
  }

  private func digest(_ texts: [String], _ language: String?) -> String {
    var data = Data("\(identity)\n\(language ?? "")\n".utf8)
    for text in texts { data.append(contentsOf: Array((text + "\n").utf8)) }
    return String(FileDigest.sha256(of: data).prefix(24))
  }
}
