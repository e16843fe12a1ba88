// SPDX-License-Identifier: Apache-2.0

/// Learns a core and packs jointly, under one budget of pieces.
///
/// One unigram vocabulary is learned for all languages, whose shares are balanced by parity. A piece that in the end one
/// language alone uses goes to that language's pack, one that one script's languages alone use to that script's, and
/// all others are the core.
public struct TieredTrainer: Sendable {
  /// How the packs are cut.
  public enum Packs: String, Sendable, CaseIterable {
    /// By language, and by script for what several languages of one script use.
    case languages
    /// By script only.
    case scripts
  }

  /// What trains the pieces.
  public var trainer: SubwordTrainer
  /// How the packs are cut.
  public var packs = Packs.languages
  /// The share of a piece's use that makes it particular.
  public var ownership = 0.95
  /// A pack of fewer pieces is left in the core.
  public var leastPieces = 16

  /// Makes a trainer; the algorithm must be unigram, whose pieces do not depend on their order.
  public init(_ trainer: SubwordTrainer) { self.trainer = trainer }

  /// A vocabulary and how it is divided.
  public struct Result: Sendable {
    /// The model; ids of the core first, then pack by pack.
    public var model: SentencePieceModel
    /// The tiers.
    public var tiers: VocabularyTiers
  }

  /// Learns from text in several languages.
  public func train(
    _ text: TrainingText, weights: [Double]? = nil, progress: (String) -> Void = { _ in }
  ) throws(SubwordError) -> Result {
    guard trainer.specification.algorithm == .unigram else {
      throw SubwordError(
        .invalidArgument, "expected --model_type unigram for a tiered vocabulary, found another")
    }
    guard text.languages.count > 1 else {
      throw SubwordError(
        .invalidArgument,
        "expected text in several languages for a tiered vocabulary, found \(text.languages.count); "
          + "name them as in 'data/{lang}/train.tsv' or FILE=LANGUAGE")
    }
    let model = try trainer.train(text, weights: weights, progress: progress)
    let uses = try PieceUses(model, text)
    return try divide(model, uses, text.languages.map(\.name))
  }

  private func divide(
    _ model: SentencePieceModel, _ uses: PieceUses, _ languages: [String]
  ) throws(SubwordError) -> Result {
    var members = [String: [Int]]()
    for id in model.pieces.indices where model.kinds[id] == .normal {
      guard let owner = uses.owner(of: id, packs, ownership) else { continue }
      members[owner, default: []].append(id)
    }
    let names = members.keys.filter { (members[$0]?.count ?? 0) >= leastPieces }.sorted()
    let particular = Set(names.flatMap { members[$0] ?? [] })
    var order = model.pieces.indices.filter { !particular.contains($0) }
    let core = order.count
    var packs = [VocabularyTiers.Pack]()
    for name in names {
      let ids = members[name] ?? []
      packs.append(
        VocabularyTiers.Pack(
          name: name, languages: uses.languages(of: ids), first: order.count, count: ids.count,
          version: 1))
      order += ids
    }
    let pieces = order.map { model.pieces[$0] }
    let arranged = try SentencePieceModel(
      pieces: pieces, scores: order.map { model.scores[$0] }, kinds: order.map { model.kinds[$0] },
      trainer: model.trainer, normalizerName: model.normalizerName, normalizer: model.normalizer)
    return Result(
      model: arranged, tiers: VocabularyTiers(core: core, packs: packs, pieces: pieces))
  }
}
