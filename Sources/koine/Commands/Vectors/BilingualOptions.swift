// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import WordVectors

/// What languages have to do with each other.
struct BilingualOptions: ParsableArguments {
  enum Space: String, ExpressibleByArgument, CaseIterable { case own, joint, shared }

  @Option(
    help: """
      own: a training for each language; joint: one space, a dictionary each; shared: one space, one dictionary. \
      (default: own, or joint with --parallel or --dictionary)
      """)
  var space: Space?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Two files (or more pairs) whose lines say the same: FILE=LANGUAGE FILE=LANGUAGE.",
      valueName: "files"))
  var parallel: [String] = []

  @Option(
    help: ArgumentHelp(
      "Which words of the two lines belong together: uniform (any), diagonal (at the same share of the line), or a file of links 'i-j' from 0, a line for each pair.",
      valueName: "uniform|diagonal|file"))
  var alignment = "diagonal"

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Pairs of words, a tab or space between: of the first two languages, or FILE=LANGUAGE-LANGUAGE.",
      valueName: "files"))
  var dictionary: [String] = []

  @Option(
    help: ArgumentHelp("How likely a word in --dictionary is to be replaced.", valueName: "0…1"))
  var replace = 0.5

  var effectiveSpace: Space {
    space ?? (parallel.isEmpty && dictionary.isEmpty ? .own : .joint)
  }

  /// The rule, which links take the place of where there are some.
  var rule: EmbeddingTrainer.Alignment { .init(rawValue: alignment) ?? .diagonal }

  /// The file of links; nil where a rule is named.
  var linkFile: String? {
    EmbeddingTrainer.Alignment(rawValue: alignment) == nil ? alignment : nil
  }

  func validate() throws {
    guard parallel.count % 2 == 0 else {
      throw ValidationError("--parallel takes files in pairs, found \(parallel.count)")
    }
    guard linkFile == nil || parallel.count <= 2 else {
      throw ValidationError(
        "a file of links is for one pair of files; --parallel names \(parallel.count / 2)")
    }
    guard parallel.isEmpty && dictionary.isEmpty || effectiveSpace == .joint else {
      throw ValidationError("--parallel and --dictionary are for --space joint")
    }
    guard (0...1).contains(replace) else {
      throw ValidationError("--replace must be between 0 and 1, found \(replace)")
    }
  }
}
