// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import WordVectors

/// The text that vectors are learnt from, out of files.
struct EmbeddingSource {
  let input: [String]
  let options: BilingualOptions
  let log: (String) -> Void

  /// The texts, each of which is a training: one, or one for each language.
  func texts() throws -> [TrainingText] {
    let files = try input.flatMap { try LanguageFile.files(for: $0) }
    guard options.effectiveSpace == .own else {
      let text = TrainingText()
      for file in files {
        try add(file, to: text, as: options.effectiveSpace == .shared ? "" : nil)
      }
      try addPairs(to: text)
      for argument in options.dictionary { try addDictionary(argument, to: text) }
      return [text]
    }
    var texts: [(language: String, text: TrainingText)] = []
    for file in files {
      let language = file.language ?? ""
      if let known = texts.first(where: { $0.language.utf8.elementsEqual(language.utf8) }) {
        try add(file, to: known.text, as: nil)
      } else {
        texts.append((language, TrainingText()))
        try add(file, to: texts[texts.count - 1].text, as: nil)
      }
    }
    return texts.map(\.text)
  }

  private func add(_ file: LanguageFile, to text: TrainingText, as language: String?) throws {
    let format = (try? ExampleFormat(path: file.path)) ?? .lines
    guard format == .lines || format == .fastText else {
      return try addTexts(file, to: text, as: language)
    }
    let language = text.language(named: language ?? file.language ?? "")
    let reader = try LineBlockReader([file.path])
    while let block = try reader.next() {
      try block.bytes.withUnsafeBufferPointer { try text.append($0, language: language) }
    }
  }

  private func addTexts(_ file: LanguageFile, to text: TrainingText, as language: String?) throws {
    var reader = ExampleReader()
    reader.requiresLabel = false
    reader.lengthLimit = 1 << 27
    let stream = try file.open(reader)
    while let example = try stream.next() {
      var line = example.text.utf8.map { $0 == 0x0A ? 0x20 : $0 }
      line.append(0x0A)
      let index = text.language(named: language ?? file.language ?? example.language ?? "")
      try line.withUnsafeBufferPointer { try text.append($0, language: index) }
    }
  }

  private func addPairs(to text: TrainingText) throws {
    for start in stride(from: 0, to: options.parallel.count, by: 2) {
      let files = try options.parallel[start..<start + 2].map { argument in
        let found = try LanguageFile.files(for: argument)
        guard found.count == 1, let language = found[0].language else {
          throw CorpusError(
            .language, "the language of a parallel file is not named", expected: "FILE=LANGUAGE",
            at: argument)
        }
        return (path: found[0].path, language: text.language(named: language))
      }
      guard files[0].language != files[1].language else {
        throw CorpusError(
          .language, "parallel files are of one language", expected: "two languages",
          at: options.parallel[start + 1])
      }
      let readers = try files.map { try TextLines($0.path).open() }
      let links = try options.linkFile.map { try TextLines($0).open() }
      var number = 0
      while true {
        let (first, second) = (try readers[0].next(), try readers[1].next())
        guard let first, let second else {
          if first != nil || second != nil {
            throw CorpusError(
              .format, "parallel files have different numbers of lines",
              expected: "as many in \(files[0].path)", found: "\(number) in the shorter",
              at: files[1].path)
          }
          break
        }
        number += 1
        var pairs: [(Int, Int)]?
        if let links { pairs = try Self.links(links.next(), options.linkFile ?? "", number) }
        do throws(WordVectorError) {
          try text.appendPair(
            first, language: files[0].language, second, language: files[1].language, links: pairs)
        } catch {
          var error = error
          if error.code == .data { error.file = "\(options.linkFile ?? ""):\(number)" }
          throw error
        }
      }
    }
  }

  private static func links(_ line: String?, _ file: String, _ number: Int) throws -> [(Int, Int)] {
    guard let line else {
      throw CorpusError(
        .format, "the file of links has too few lines", expected: "a line for each pair",
        found: "\(number - 1)", at: file)
    }
    return try line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map { link in
      // Sure links are i-j, possible ones i?j or ipj; all count.
      let ends = link.split(whereSeparator: { $0 == "-" || $0 == "?" || $0 == "p" })
      guard ends.count == 2, let left = Int(ends[0]), let right = Int(ends[1]), left >= 0,
        right >= 0
      else {
        throw CorpusError(
          .format, "a link cannot be read", expected: "i-j, from 0", found: String(link), at: file,
          line: number)
      }
      return (left, right)
    }
  }

  private func addDictionary(_ argument: String, to text: TrainingText) throws {
    var path = argument
    var names = Array(text.languages.prefix(2))
    if !FileManager.default.fileExists(atPath: argument), let equals = argument.lastIndex(of: "=") {
      path = String(argument[..<equals])
      names = argument[argument.index(after: equals)...].split(separator: "-").map(String.init)
    }
    let known = names.compactMap { name in text.languages.firstIndex(of: name) }
    guard names.count == 2, known.count == 2, known[0] != known[1] else {
      throw CorpusError(
        .language, "the languages of the dictionary are not those of two texts",
        expected: "FILE=LANGUAGE-LANGUAGE of \(text.languages.joined(separator: ", "))",
        found: names.joined(separator: "-"), at: argument)
    }
    let reader = try TextLines(path).open()
    var number = 0
    while let line = try reader.next() {
      number += 1
      let hasTab = line.utf8.contains(0x09)
      let words = line.split(whereSeparator: { $0 == "\t" || !hasTab && $0 == " " })
      guard !words.isEmpty else { continue }
      guard words.count >= 2 else {
        throw CorpusError(
          .format, "a line is no pair of words", expected: "two words, a tab between",
          found: line, at: path, line: number)
      }
      text.addTranslation(
        String(words[0]), language: known[0], String(words[1]), language: known[1])
    }
  }
}
