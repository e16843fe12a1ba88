// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch
import WordVectors

struct VectorsEncoderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encoder",
    abstract: "Make an encoder of sentences from word vectors of languages in one space.",
    discussion: """
      A sentence's vector is the mean of its words' vectors, common words counting little, less what all sentences of the language
      have in common (SIF; Arora, Liang and Ma 2017). The folder that is written is used as 'vectors:FOLDER' wherever an
      encoder is: koine embed, retrieve and serve --base, and 'base: {model: vectors:FOLDER}' in a recipe.

      How often words come is read from fastText's .bin, from --counts (word, tab, count; '#total', tab, all words), or counted
      in --text. What sentences have in common is found in --text; without, nothing is taken out. Words that have no vector
      get one from their n-grams where the vectors are a .bin with n-grams, else another language's, else are left out.

      Text is cut into words as letters and digits, composed and folded, in scripts without spaces as pairs of letters
      (--cutting words), or at white space as it is (--cutting spaces): it must be the way in which the vectors' text was cut.

      Examples:
        koine vectors encoder --vectors out/en.bin=en out/de.bin=de --text en.txt=en de.txt=de --output out/static
        koine vectors encoder --vectors 'maps/{lang}.vec' --counts 'counts/{lang}.tsv' --cutting spaces --output out/static
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Vectors of each language, all in one space: FILE=LANGUAGE, or a pattern with {lang}.",
      valueName: "files"))
  var vectors: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Text of each language, a sentence a line: FILE=LANGUAGE.", valueName: "files"))
  var text: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Counts of words: FILE=LANGUAGE.", valueName: "files"))
  var counts: [String] = []

  @Option(help: "The weight's parameter, a in a / (a + p).")
  var smoothing = 0.001

  @Option(
    help:
      "What is taken out: language (each one's own direction), joint (one for all) or none. (default: language, or none without --text)"
  )
  var common: CommonComponent?

  @Option(help: "How text becomes words: words or spaces.")
  var cutting = CuttingName.words

  @Option(help: ArgumentHelp("The folder to write; it must not be there yet.", valueName: "folder"))
  var output: String

  @OptionGroup var files: VectorFileOptions

  func validate() throws {
    guard !vectors.isEmpty else { throw ValidationError("name vectors: --vectors FILE=LANGUAGE") }
    guard smoothing > 0 else {
      throw ValidationError("--smoothing must be above 0, found \(smoothing)")
    }
    guard common == nil || common == CommonComponent.none || !text.isEmpty else {
      throw ValidationError("--common needs --text, in which it is found")
    }
  }

  func run() throws {
    let place = URL(fileURLWithPath: output).standardizedFileURL
    guard !FileManager.default.fileExists(atPath: place.path) else {
      throw CorpusError(
        .file, "is there already; name a new folder, or remove it first", at: output)
    }
    var builder = StaticEncoderBuilder()
    builder.smoothing = smoothing
    builder.common = common ?? (text.isEmpty ? .none : .language)
    builder.cutting = cutting.cutting
    if common == nil, text.isEmpty {
      Terminal.log("no --text: what sentences have in common is not taken out")
    }
    let source = EncoderSource(
      vectors: vectors, text: text, counts: counts, cutting: cutting.cutting, files: files)
    let languages = try source.languages()
    let partial = URL(fileURLWithPath: place.path + ".partial")
    try? FileManager.default.removeItem(at: partial)
    do {
      try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
      try builder.write(languages, sentences: source.sentences(), to: partial)
      try FileManager.default.moveItem(at: partial, to: place)
    } catch {
      try? FileManager.default.removeItem(at: partial)
      throw error
    }
    for language in languages {
      let subwords = language.subwords.map { ", \($0.buckets.count) n-grams" } ?? ""
      Terminal.log("\(language.name): \(language.words.count) words\(subwords)")
    }
    Terminal.write("\(output)\n")
  }
}

/// The names of ways to cut text, as the command line has them.
enum CuttingName: String, ExpressibleByArgument, CaseIterable {
  case words, spaces

  var cutting: StaticEncoder.Cutting { self == .words ? .words : .spaces }
}

extension CommonComponent: ExpressibleByArgument {}
