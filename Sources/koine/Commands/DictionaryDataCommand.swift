// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Foundation
import Transfer

struct DictionaryDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dictionary",
    abstract: "Learn a word list from texts that say the same.",
    discussion: """
      For a language that no dictionary is at hand for: translations of programs (gettext catalogues), parallel sentences or a translation
      memory say which word stands for which. The words are aligned (an HMM in both directions), and what a word is mostly aligned to is its
      translation. 10,000 strings of programs teach some 5,000 words, in seconds.

      Files are what 'koine align --pairs' reads: .mo and .po, .tmx, tables with columns source and target, lines 'source ||| target', or two files
      with a comma between; of a folder, the catalogues in it, but those that cannot be read, which are named. A word is a run of letters:
      text of a script without spaces, as Thai, gives few.

      The list is a word of the source and its translation in a line, with a tab between, as 'koine data gloss', 'koine data code-switch' and
      recipes read it. --after begins it with the entries of a list that is there, and adds the words which that list does not have.

      Examples:
        koine data dictionary /usr/share/locale/rw/LC_MESSAGES --output kinyarwanda.txt
        koine data dictionary en.txt,eu.txt eu.mo --after basque.txt --output dictionaries/eus_Latn.txt
        koine data gloss --dictionary kinyarwanda.txt < rw.txt > glossed.txt
      """)

  @Argument(help: "Files of pairs, or folders of catalogues.")
  var files: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The list to write, a .txt.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A list whose entries come first; may be repeated.", valueName: "file"))
  var after: [String] = []

  @Option(
    help: ArgumentHelp("The fewest times that two words are aligned.", valueName: "count"))
  var minimumCount = DictionaryLearner().minimumCount

  @Option(
    help: ArgumentHelp(
      "The least share of a word's occurrences at which it is aligned to its translation.",
      valueName: "share"))
  var minimumShare = DictionaryLearner().minimumShare

  @Option(help: ArgumentHelp("The most words of a phrase; 1 for words alone.", valueName: "count"))
  var phrases = DictionaryLearner().longestPhrase

  @Option(help: "Threads to compute with.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard !files.isEmpty else {
      throw ValidationError("name files of pairs, or folders of catalogues")
    }
    guard output.hasSuffix(".txt") else {
      throw ValidationError("--output must end in .txt, as basque.txt, found \(output)")
    }
    guard minimumCount > 0, phrases > 0, threads > 0 else {
      throw ValidationError("--minimum-count, --phrases and --threads must be at least 1")
    }
    guard minimumShare > 0, minimumShare <= 1 else {
      throw ValidationError(
        "--minimum-share must be above 0 and not above 1, found \(minimumShare)")
    }
  }

  func run() throws {
    var known = Set<String>()
    var lines: [String] = []
    for pair in try after.flatMap({ try ParallelReader().read($0) }) {
      known.insert(PhraseDictionary.words(of: pair.target).joined(separator: " "))
      lines.append("\(pair.source)\t\(pair.target)")
    }
    let pairs = try read()
    var learner = DictionaryLearner()
    (learner.minimumCount, learner.minimumShare) = (minimumCount, minimumShare)
    (learner.longestPhrase, learner.trainer.threads) = (phrases, threads)
    let learned = try learner.learn(pairs) { Terminal.update($0) }
    Terminal.endUpdates()
    let added = learned.filter { !known.contains($0.target) }
    guard !added.isEmpty else {
      throw CorpusError(
        .language, "the pairs teach no word",
        expected: "pairs of texts in two languages, whose words stand between spaces",
        found: "\(pairs.count) pairs, \(learned.count) words that --after has already",
        at: files.first)
    }
    let file = try AtomicFile(output)
    try file.write(
      contentsOf: Data(
        (lines + added.map { "\($0.source)\t\($0.target)" }).map { $0 + "\n" }.joined().utf8))
    try file.commit()
    Terminal.log(
      "wrote \(output): \(lines.count + added.count) entries, \(added.count) of them learned from \(pairs.count) pairs"
    )
  }

  /// The words of all pairs, each pair once.
  private func read() throws -> [(source: [String], target: [String])] {
    var seen = Set<[String]>()
    return try texts().compactMap { pair in
      let words = (PhraseDictionary.words(of: pair.source), PhraseDictionary.words(of: pair.target))
      guard !words.0.isEmpty, !words.1.isEmpty, words.0 != words.1,
        seen.insert(words.0 + ["|||"] + words.1).inserted
      else { return nil }
      return words
    }
  }

  private func texts() throws -> [ParallelText] {
    try files.flatMap { argument -> [ParallelText] in
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
      guard isThere, isFolder.boolValue else { return try PairSource(argument).texts() }
      let names = try FileManager.default.subpathsOfDirectory(atPath: argument).sorted()
      let catalogues = names.filter { $0.hasSuffix(".mo") || $0.hasSuffix(".po") }
      guard !catalogues.isEmpty else {
        throw CorpusError(
          .file, "the folder has no catalogue", expected: ".mo or .po files", at: argument)
      }
      return catalogues.flatMap { name -> [ParallelText] in
        do {
          return try ParallelReader().read("\(argument)/\(name)")
        } catch {
          Terminal.log("passed over \(error)")
          return []
        }
      }
    }
  }
}
