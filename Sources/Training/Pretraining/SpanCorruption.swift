// SPDX-License-Identifier: Apache-2.0

import Subwords

/// Which stretches of a text an encoder-decoder has to write, and what stands in their place (T5; Raffel and others, 2020).
///
/// Of "thank you for inviting me to your party last week" the encoder may read "thank you <X> me to your party <Y> week", and the decoder
/// writes "<X> for inviting <Y> last <Z>": each stretch behind the sentinel that stands for it, and one sentinel more at the end. How
/// the tokens are shared out among stretches, and the rest between them, is drawn from all ways alike.
public struct SpanCorruption: Sendable, Equatable, Codable {
  /// The share of a row's tokens that are to be written, at least one of each row; 0.15.
  public var rate = 0.15
  /// How many tokens a stretch has in the mean; 3.
  public var meanSpanLength = 3.0

  /// 15 % of tokens in stretches of 3.
  public init() {}

  /// Refuses settings that cannot be.
  ///
  /// - Throws: `TrainingError` with the setting's name, what was expected and what was found.
  public func validate() throws(TrainingError) {
    guard rate > 0, rate < 1 else {
      throw TrainingError(
        .plan, "'rate' of span corruption must be above 0 and below 1, found \(rate)")
    }
    guard meanSpanLength >= 1, meanSpanLength.isFinite else {
      throw TrainingError(
        .plan, "'meanSpanLength' of span corruption must be at least 1, found \(meanSpanLength)")
    }
  }

  /// A row of which some stretches have to be written.
  public struct Corrupted: Sendable, Equatable {
    /// What the encoder reads: the rest, a sentinel for each stretch, and the end.
    public var source: [Int32]
    /// What the decoder writes: each stretch behind its sentinel, one sentinel more, and the end.
    public var labels: [Int32]
  }

  /// Takes stretches out of a row anew.
  ///
  /// - Parameters:
  ///   - row: tokens of text, at least two, without the end's token.
  ///   - sentinels: the pieces that stand for stretches, the first one's first; at least two.
  ///   - end: the token that ends both sides.
  ///   - generator: where chance comes from.
  public func corrupted(
    _ row: [Int32], sentinels: [Int32], end: Int32,
    using generator: inout some RandomNumberGenerator
  ) -> Corrupted {
    precondition(row.count > 1 && sentinels.count > 1, "a row of two tokens and two sentinels")
    let noise = min(max(1, Int((Double(row.count) * rate).rounded())), row.count - 1)
    let kept = row.count - noise
    let wanted = max(1, Int((Double(noise) / meanSpanLength).rounded()))
    // Between two stretches something has to stand, and the last sentinel stands for none.
    let count = min(wanted, noise, kept + 1, sentinels.count - 1)
    let stretches = Self.parts(of: noise - count, count, using: &generator).map { $0 + 1 }
    var between = Self.parts(of: kept - (count - 1), count + 1, using: &generator)
    for inner in 1..<count { between[inner] += 1 }
    var result = Corrupted(source: [], labels: [])
    var place = 0
    for (number, length) in stretches.enumerated() {
      result.source += row[place..<place + between[number]] + [sentinels[number]]
      place += between[number]
      result.labels += [sentinels[number]] + row[place..<place + length]
      place += length
    }
    result.source += row[place...] + [end]
    result.labels += [sentinels[count], end]
    return result
  }

  /// A number in so many parts, each at least 0, all ways alike in probability.
  private static func parts(
    of total: Int, _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    // Bars among stars: where the bars stand says how large the parts are.
    let bars = Array(0..<total + count - 1).shuffled(using: &generator).prefix(count - 1).sorted()
    var parts: [Int] = []
    var last = -1
    for bar in bars + [total + count - 1] {
      parts.append(bar - last - 1)
      last = bar
    }
    return parts
  }

  /// The pieces of a tokenizer that stand for stretches, from `<extra_id_0>` on.
  ///
  /// In T5's vocabularies their ids descend from the end. A model that has them among its own pieces may spell them with "▁" in front.
  ///
  /// - Throws: `TrainingError` for a tokenizer that has fewer than two.
  public static func sentinels(of tokenizer: Tokenizer) throws(TrainingError) -> [Int32] {
    for mark in ["", "\u{2581}"] {
      var ids: [Int32] = []
      while let id = tokenizer.id(of: "\(mark)<extra_id_\(ids.count)>") { ids.append(id) }
      if ids.count > 1 { return ids }
    }
    throw TrainingError(
      .plan,
      "the tokenizer has no sentinels, '<extra_id_0>', '<extra_id_1>' and on, which stand for what has to be written; take "
        + "a base of T5 or mT5 with its own tokenizer")
  }
}
