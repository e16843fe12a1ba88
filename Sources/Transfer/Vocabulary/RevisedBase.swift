// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import Torch
import Transformers

/// A base with more pieces, or with another vocabulary: the same layers, and a row for each new piece that is made of old ones.
///
/// The directory's tensors stay as they are, heads included; only what has a row for each piece changes: the word embeddings,
/// and the map and the bias to pieces of a masked language model's head.
public struct RevisedBase {
  /// What was made.
  public struct Summary: Sendable, Equatable, Codable {
    /// Rows of the table before.
    public var before: Int
    /// Rows of the table now.
    public var after: Int
    /// Rows that stay whatever the initialisation.
    public var kept: Int
    /// Rows of pieces that both vocabularies have.
    public var copied: Int
    /// Rows that are sums of others.
    public var mixed: Int
    /// Rows drawn at random.
    public var drawn: Int
    /// The tensors that have a row for each piece.
    public var tables: [String]
  }

  /// The file that says what each row that is not kept was made of.
  public static let rowsFile = "rows.tsv"

  private let base: TextEncoder
  private let change: VocabularyChange
  /// What each row is made of.
  private let ways: [RowMixture]
  /// The folder of the new tokenizer's companions; nil for the base's own.
  private let companions: URL?
  private let tiers: VocabularyTiers?

  /// A base with other pieces.
  ///
  /// - Parameters:
  ///   - base: the base.
  ///   - change: its vocabulary and the new one.
  ///   - initialization: how new rows are made.
  ///   - tokenizer: the folder of the new tokenizer, whose `tokenizer_config.json` and `special_tokens_map.json` are taken over; nil
  ///     where the base's stay.
  ///   - tiers: the core and the packs of the new vocabulary, where it has some.
  ///   - progress: told of what is done.
  /// - Throws: what the initialisation throws.
  public init(
    _ base: TextEncoder, _ change: VocabularyChange,
    by initialization: any EmbeddingInitialization, tokenizer: URL? = nil,
    tiers: VocabularyTiers? = nil, progress: (String) -> Void = { _ in }
  ) throws {
    (self.base, self.change, companions, self.tiers) = (base, change, tokenizer, tiers)
    let mixtures = try initialization.mixtures(for: change, progress: progress)
    precondition(
      mixtures.count == change.added.count, "an initialisation makes a row for each new piece")
    let added = Dictionary(uniqueKeysWithValues: zip(change.added, mixtures))
    ways = change.kept.indices.map { id in
      change.kept[id].map { .copied($0) } ?? added[id] ?? .drawn
    }
  }

  /// Writes the directory: weights, configuration, tokenizer, and ``rowsFile``.
  ///
  /// - Parameters:
  ///   - directory: where it is to be; whole or not at all.
  ///   - seed: seeds what is drawn.
  /// - Returns: what was made.
  public func write(to directory: URL, seed: UInt64) throws -> Summary {
    let known = change.old.piecesByID.enumerated().filter { !$0.element.isEmpty }.map(\.offset)
    let (tensors, tables) = try tensors(known, seed)
    let configuration = try VocabularyFields(base).encoded(
      count: ways.count, padding: change.new.padID.map(Int.init)
    ) { old in
      // An id stays where it is as long as it may, else goes where its row went.
      change.kept.indices.contains(old) && change.kept[old] == old
        ? old : change.kept.firstIndex(of: old)
    }
    try AtomicDirectory.write(directory) { partial in
      try ModelDirectory(partial).write(tensors)
      try configuration.write(to: partial.appendingPathComponent("config.json"))
      let tokenizer = partial.appendingPathComponent("tokenizer.json")
      try change.new.configuration.write(to: tokenizer)
      try tiers?.write(beside: tokenizer)
      try writeCompanions(to: partial)
      try Data(rows().utf8).write(to: partial.appendingPathComponent(Self.rowsFile))
    }
    return summary(tables)
  }

  private func summary(_ tables: [String]) -> Summary {
    let added = change.added
    return Summary(
      before: change.oldRows, after: ways.count, kept: ways.count - added.count,
      copied: added.count { if case .copied = ways[$0] { true } else { false } },
      mixed: added.count { if case .mixed = ways[$0] { true } else { false } },
      drawn: added.count { ways[$0] == .drawn }, tables: tables)
  }

  /// What stands for each piece in a tensor, by the end of its name: Hugging Face's, for BERT and for XLM-R.
  private static let tableNames = [
    "embeddings.word_embeddings.weight", "cls.predictions.bias", "cls.predictions.decoder.weight",
    "cls.predictions.decoder.bias", "lm_head.bias", "lm_head.decoder.weight",
    "lm_head.decoder.bias",
  ]

  /// All tensors of the directory, those with a row for each piece made over.
  private func tensors(
    _ known: [Int], _ seed: UInt64
  ) throws -> (tensors: [(name: String, tensor: Tensor)], tables: [String]) {
    var (tensors, tables): ([(name: String, tensor: Tensor)], [String]) = ([], [])
    var names = Set<String>()
    for file in try ModelDirectory(base.directory).weights() {
      for name in file.names where names.insert(name).inserted {
        var tensor = try file.tensor(name)
        if Self.tableNames.contains(where: { name == $0 || name.hasSuffix("." + $0) }) {
          guard tensor.shape.first == change.oldRows else {
            throw TransformerError(
              .checkpoint,
              "expected \(change.oldRows) rows in '\(name)', found \(tensor.shape.first ?? 0); the head and the embeddings "
                + "do not belong together", at: file.url.path)
          }
          tensor = try RowTable(tensor).revised(ways, like: known, seed: seed)
          tables.append(name)
        }
        tensors.append((name, tensor))
      }
    }
    return (tensors, tables.sorted())
  }

  /// What names the tokenizer's class and its special tokens.
  private func writeCompanions(to folder: URL) throws {
    var names: Set<String> = []
    for name in ["tokenizer_config.json", "special_tokens_map.json"] {
      let file = (companions ?? base.directory).appendingPathComponent(name)
      guard let data = try? Data(contentsOf: file) else { continue }
      try VocabularyFields.withoutIDs(data).write(to: folder.appendingPathComponent(name))
      names.insert(name)
    }
    guard companions != nil, !names.contains("tokenizer_config.json") else { return }
    let fields = VocabularyFields.tokenizerFields(
      change.new, maximumLength: base.encoder.configuration.maximumLength)
    try VocabularyFields.data(fields).write(
      to: folder.appendingPathComponent("tokenizer_config.json"))
  }

  /// Each row that is not kept, with the largest shares.
  private func rows() -> String {
    let (old, new) = (change.old, change.new)
    var text = "id\tpiece\tway\tof\n"
    for id in change.added {
      let piece = new.piece(of: Int32(clamping: id)) ?? ""
      switch ways[id] {
      case .copied(let source): text += "\(id)\t\(piece)\tcopied\t\(source)\n"
      case .drawn: text += "\(id)\t\(piece)\tdrawn\t\n"
      case .mixed(let shares):
        let largest = shares.sorted { ($1.weight, $0.id) < ($0.weight, $1.id) }.prefix(5)
        let list = largest.map { share in
          "\(old.piece(of: Int32(clamping: share.id)) ?? "") \(String(format: "%.3f", share.weight))"
        }
        text += "\(id)\t\(piece)\tmixed\t\(list.joined(separator: ", "))\n"
      }
    }
    return text
  }
}
