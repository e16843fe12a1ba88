// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import WordVectors

/// Options of every command that reads files of vectors.
struct VectorFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read at most this many vectors of each file, from its start: the commonest words.",
      valueName: "count"))
  var maxWords: Int?

  @Option(
    help: ArgumentHelp(
      "What to do about rows that are not finite, double words, words with spaces and a wrong header: refuse or skip.",
      valueName: "what"))
  var faults = "refuse"

  @Option(help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
    if let maxWords, maxWords < 1 {
      throw ValidationError("--max-words must be at least 1, found \(maxWords)")
    }
    guard VectorReading.Faults(rawValue: faults) != nil else {
      throw ValidationError("--faults must be refuse or skip, found '\(faults)'")
    }
  }

  private var reading: VectorReading {
    VectorReading(
      faults: VectorReading.Faults(rawValue: faults) ?? .refuse, limit: maxWords, threads: threads)
  }

  /// The vectors of a file of any format; text may be packed, or come from standard input as '-'.
  func table(_ path: String) throws -> VectorTable {
    let table: VectorTable
    if path == "-" || path.hasSuffix(".gz") {
      let lines = try TextLines(path).openBytes()
      table = try VectorTable(text: path, reading: reading) {
        var piece: [UInt8] = []
        while piece.count < 1 << 20, let line = try lines.next() {
          guard case .bytes(let bytes) = line else {
            throw CorpusError(
              .length, "a line is too long for a vector as text", at: "\(path):\(lines.number)")
          }
          piece += bytes
          piece.append(0x0a)
        }
        return piece
      }
    } else {
      table = try VectorTable(contentsOf: path, reading: reading)
    }
    report(table.faults, path)
    return table
  }

  private func report(_ faults: VectorFaults, _ path: String) {
    guard !faults.isEmpty else { return }
    var parts: [String] = []
    if faults.duplicates > 0 { parts.append("\(faults.duplicates) double words") }
    if faults.notFinite > 0 { parts.append("\(faults.notFinite) vectors that are not finite") }
    if faults.empty > 0 { parts.append("\(faults.empty) vectors without a word") }
    if faults.spaces > 0 { parts.append("\(faults.spaces) words with spaces, which are kept") }
    if let promised = faults.promised { parts.append("a header that promises \(promised)") }
    Terminal.log("\(path): passed over: \(parts.joined(separator: ", "))")
  }

  /// A dictionary: two words a line, or two words and a number.
  static func pairs(
    _ path: String, withScores: Bool = false, lowercased: Bool = false
  ) throws -> WordPairs {
    var lines: [String] = []
    try TextLines(path).forEach { line, _ in lines.append(line) }
    return try WordPairs(
      lines: lines, name: path, withScores: withScores, lowercased: lowercased)
  }

  /// The format that a name stands for, unless one is named.
  static func format(_ name: String?, for path: String) throws -> VectorFormat {
    if let name {
      guard let format = VectorFormat(rawValue: name), format != .fastText else {
        throw ValidationError("--format must be text, word2vec or mapped, found '\(name)'")
      }
      return format
    }
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    switch URL(fileURLWithPath: name).pathExtension {
    case "vec", "txt", "": return .text
    case "bin", "w2v": return .word2vec
    case "vectors": return .mapped
    case let other:
      throw ValidationError(
        "'.\(other)' names no format of vectors; write .vec, .bin or .vectors, or say --format")
    }
  }

  /// Writes a file that appears when it is whole; `body` hands on its bytes.
  static func write(
    _ path: String, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    if path == "-" {
      try body { Terminal.write($0) }
    } else if path.hasSuffix(".gz") {
      let writer = try LineWriter(path)
      var rest: [UInt8] = []
      try body { piece in
        rest += piece
        var start = 0
        while let end = rest[start...].firstIndex(of: 0x0a) {
          try writer.write(line: Array(rest[start..<end]))
          start = end + 1
        }
        rest.removeFirst(start)
      }
      try writer.commit()
    } else {
      let file = try AtomicFile(path)
      try body { try file.write(contentsOf: $0) }
      try file.commit()
    }
  }
}
