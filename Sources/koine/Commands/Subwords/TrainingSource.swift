// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Subwords

/// The text that a vocabulary is learned from, out of files.
struct TrainingSource {
  let files: [LanguageFile]
  let invalid: LineBlock.Invalid
  /// The languages that are wanted; nil for all.
  var languages: [String]?

  private static let blockSize = 1 << 22

  /// The files of arguments: paths, FILE=LANGUAGE, patterns with {lang}, several between commas.
  init(_ arguments: [String], invalid: LineBlock.Invalid) throws {
    files = try arguments.flatMap { argument in
      argument.contains("{lang}") || FileManager.default.fileExists(atPath: argument)
        ? [argument] : argument.split(separator: ",").map(String.init)
    }.flatMap { try LanguageFile.files(for: $0) }
    self.invalid = invalid
  }

  /// Adds all lines, or the texts of tables.
  func add(to text: TrainingText) throws {
    for file in files {
      if let name = file.language, let languages, !languages.contains(name) { continue }
      if Self.isPlain(file.path) {
        try addLines(file.path, text.language(named: file.language ?? ""), to: text)
      } else {
        try addTexts(file, to: text)
      }
    }
    let long = text.languages.reduce(0) { $0 + $1.longLines }
    if long > 0 {
      Terminal.log("\(long) lines are longer than --max_sentence_length and were passed over")
    }
  }

  /// Calls back with every line, or the texts of tables, in their order.
  func forEachText(_ body: (String) throws -> Void) throws {
    for file in files {
      if let name = file.language, let languages, !languages.contains(name) { continue }
      if Self.isPlain(file.path) {
        let reader = try LineBlockReader([file.path])
        while let block = try reader.next() {
          try block.forEachLine(invalid: invalid) { line, _ in try body(line) }
        }
      } else {
        var reader = ExampleReader()
        reader.requiresLabel = false
        reader.lengthLimit = 1 << 27
        let stream = try file.open(reader)
        while let example = try stream.next() {
          if let languages, !languages.contains(file.language ?? example.language ?? "") {
            continue
          }
          try body(example.text)
        }
      }
    }
  }

  /// Whether a file has a sentence a line: all but tables, whose endings tell.
  private static func isPlain(_ path: String) -> Bool {
    guard let format = try? ExampleFormat(path: path) else { return true }
    return format == .lines || format == .fastText
  }

  private func addLines(_ path: String, _ language: Int, to text: TrainingText) throws {
    let reader = try LineBlockReader([path])
    var waiting = [UInt8]()
    while let block = try reader.next() {
      if UTF8.isValid(block.bytes) {
        waiting += block.bytes
      } else {
        // Names the line, or puts U+FFFD where bytes are none.
        try block.forEachLine(invalid: invalid) { line, _ in
          waiting += line.utf8
          waiting.append(0x0A)
        }
      }
      if let last = waiting.last, last != 0x0A { waiting.append(0x0A) }
      guard waiting.count >= Self.blockSize else { continue }
      try waiting.withUnsafeBufferPointer { try text.add($0, language: language) }
      waiting.removeAll(keepingCapacity: true)
    }
    try waiting.withUnsafeBufferPointer { try text.add($0, language: language) }
  }

  private func addTexts(_ file: LanguageFile, to text: TrainingText) throws {
    var reader = ExampleReader()
    reader.requiresLabel = false
    reader.lengthLimit = 1 << 27
    let stream = try file.open(reader)
    var waiting = [String: [UInt8]]()
    while let example = try stream.next() {
      let language = file.language ?? example.language ?? ""
      if let languages, !languages.contains(language) { continue }
      waiting[language, default: []] += example.text.utf8.map { $0 == 0x0A ? 0x20 : $0 }
      waiting[language]?.append(0x0A)
      guard let block = waiting[language], block.count >= Self.blockSize else { continue }
      try block.withUnsafeBufferPointer {
        try text.add($0, language: text.language(named: language))
      }
      waiting[language] = []
    }
    for (language, block) in waiting.sorted(by: { $0.key < $1.key }) {
      try block.withUnsafeBufferPointer {
        try text.add($0, language: text.language(named: language))
      }
    }
  }
}

extension UTF8 {
  /// Whether bytes are well-formed UTF-8.
  fileprivate static func isValid(_ bytes: [UInt8]) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }
}
