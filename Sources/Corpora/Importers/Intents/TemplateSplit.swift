// SPDX-License-Identifier: Apache-2.0

/// Which split each template of an intent goes to, with all its sentences.
///
/// Templates stand in the order of a hash of theirs, and shares are cut from that order: what order the
/// source lists them in does not matter, and an intent with few templates still has some in each split,
/// which independent draws would not see to.
struct TemplateSplit {
  private let splits: [String: String]

  /// Splits groups into shares that are cut off one after another, and the rest.
  ///
  /// - Parameters:
  ///   - groups: The templates' names; the same name may come often.
  ///   - shares: A share of the templates for each split, rounded, but at least one template.
  ///   - rest: The split of what is left.
  init(
    _ groups: some Sequence<String>, shares: [(split: String, share: Double)], rest: String,
    seed: UInt64
  ) {
    let order = Set(groups).map { (stableHash(String(seed), $0), $0) }.sorted { $0 < $1 }.map(\.1)
    var splits: [String: String] = [:]
    var remaining = order[...]
    for (split, share) in shares {
      let count = max(1, Int((share * Double(order.count)).rounded()))
      for group in remaining.prefix(count) { splits[group] = split }
      remaining = remaining.dropFirst(count)
    }
    for group in remaining { splits[group] = rest }
    self.splits = splits
  }

  /// The split of a template; nil for one that was not there to be split.
  subscript(_ group: String) -> String? { splits[group] }
}
