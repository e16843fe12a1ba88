// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Foundation
import Transfer
import WordVectors

/// Options of commands that give a base new pieces: how their rows are made.
struct InitializationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How rows of new pieces are made: mean, overlap, focus or wechsel; see above.",
      valueName: "name"))
  var initialization = InitializationKind.mean

  @Option(
    help: ArgumentHelp(
      "wechsel: word vectors of the new language (.vec, .bin, .vectors).", valueName: "file"))
  var newVectors: String?

  @Option(
    help: ArgumentHelp(
      "wechsel: word vectors of a language that the base knows.", valueName: "file"))
  var oldVectors: String?

  @Option(
    help: ArgumentHelp(
      "wechsel: pairs of words, the new language's first; without it both files must be in one space.",
      valueName: "file"))
  var dictionary: String?

  @Option(
    help: ArgumentHelp("wechsel: old pieces that a new one is mixed of (10).", valueName: "count"))
  var neighbors: Int?

  @Option(help: ArgumentHelp("wechsel: the softmax's temperature (0.1).", valueName: "number"))
  var temperature: Double?

  @Option(
    help: ArgumentHelp(
      "focus: pieces that the text has less often are drawn (10).", valueName: "count"))
  var least: Int?

  @Option(help: ArgumentHelp("focus: passes over the text (3).", valueName: "count"))
  var epochs: Int?

  @Option(help: ArgumentHelp("focus: numbers in an auxiliary vector (300).", valueName: "count"))
  var dim: Int?

  @Option(help: "Seeds what is drawn at random.")
  var seed: UInt64 = 1

  /// What the commands' help says of the ways.
  static let help = """
    Rows of new pieces (Documentation/Vocabularies.md):
      mean      the mean of the old pieces that the new one's text was cut into; needs nothing
      overlap   pieces of both vocabularies keep their row, the others are drawn with the old mean and deviation
      focus     mixed of similar pieces that both have, by vectors learned of --input
      wechsel   mixed of old pieces near by word vectors: --new-vectors, --old-vectors, and --dictionary unless both are in one space
    """

  func validate() throws {
    for (name, value) in [("--neighbors", neighbors), ("--least", least), ("--epochs", epochs)] {
      if let value, value < 1 {
        throw ValidationError("\(name) must be at least 1, found \(value)")
      }
    }
    if let dim, !(1...65_536).contains(dim) {
      throw ValidationError("--dim must be from 1 to 65536, found \(dim)")
    }
    if let temperature, !(temperature > 0 && temperature.isFinite) {
      throw ValidationError("--temperature must be above 0, found \(temperature)")
    }
    let wechsel: [(String, Bool)] = [
      ("--new-vectors", newVectors != nil), ("--old-vectors", oldVectors != nil),
      ("--dictionary", dictionary != nil), ("--neighbors", neighbors != nil),
      ("--temperature", temperature != nil),
    ]
    let focus = [("--least", least != nil), ("--epochs", epochs != nil), ("--dim", dim != nil)]
    for (owner, options) in [(InitializationKind.wechsel, wechsel), (.focus, focus)]
    where owner != initialization {
      if let (name, _) = options.first(where: \.1) {
        throw ValidationError(
          "\(name) belongs to --initialization \(owner.rawValue), found \(initialization.rawValue)")
      }
    }
    if initialization == .wechsel, newVectors == nil || oldVectors == nil {
      throw ValidationError(
        "--initialization wechsel needs --new-vectors and --old-vectors, word vectors of both languages; 'koine vectors train' "
          + "makes them")
    }
  }

  /// The initialisation.
  ///
  /// - Parameters:
  ///   - text: the text of the new language, for what reads it.
  ///   - threads: threads to learn with.
  func make(text: TrainingSource?, threads: Int) throws -> any EmbeddingInitialization {
    switch initialization {
    case .overlap: return CopiedOverlap()
    case .mean: return MeanOfPieces()
    case .focus:
      guard let text else {
        throw ValidationError(
          "--initialization focus needs --input, text of the new language to learn from")
      }
      var focus = FocusInitialization(engine: TensorMatrixEngine()) { try text.forEachText($0) }
      focus.leastCount = least ?? focus.leastCount
      focus.epochs = epochs ?? focus.epochs
      focus.dimension = dim ?? focus.dimension
      (focus.seed, focus.threads) = (seed, threads)
      return focus
    case .wechsel:
      var wechsel = try WechselInitialization(
        new: StaticWords(contentsOf: newVectors ?? ""),
        old: StaticWords(contentsOf: oldVectors ?? ""),
        dictionary: dictionary.map { try VectorFileOptions.pairs($0) }, engine: TensorMatrixEngine()
      )
      wechsel.neighbors = neighbors ?? wechsel.neighbors
      wechsel.temperature = temperature ?? wechsel.temperature
      return wechsel
    }
  }
}

extension InitializationKind: ExpressibleByArgument {}
