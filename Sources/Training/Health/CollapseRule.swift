// SPDX-License-Identifier: Apache-2.0

/// When a training is stopped because the space that it changes falls in: vectors of different texts become alike, or find each other
/// no more.
public struct CollapseRule: Sendable, Equatable, Codable {
  /// The least effective rank, as a share of that before; 0.3.
  public var rankShare = 0.3
  /// The least distance of the mean cosine to 1, as a share of that before; 0.1.
  public var distanceShare = 0.1
  /// The least accuracy of retrieval, as a share of that before; 0.5.
  ///
  /// It counts only where it was 0.1 or more.
  public var accuracyShare = 0.5

  /// The usual rule.
  public init() {}

  /// Refuses shares that cannot be.
  func validate() throws(TrainingError) {
    for (name, share) in [
      ("rankShare", rankShare), ("distanceShare", distanceShare), ("accuracyShare", accuracyShare),
    ] where !(0..<1).contains(share) {
      throw TrainingError(.plan, "'\(name)' must be at least 0 and below 1, found \(share)")
    }
  }

  /// What says that a language's space has collapsed, in a clause; nil where it has not.
  public func symptom(before: SpaceHealth, now: SpaceHealth) -> String? {
    if now.effectiveRank < before.effectiveRank * rankShare {
      return
        "the effective rank of its vectors fell from \(rounded(before.effectiveRank)) to \(rounded(now.effectiveRank))"
    }
    if 1 - now.meanCosine < (1 - before.meanCosine) * distanceShare {
      return
        "the mean cosine of different texts rose from \(rounded(before.meanCosine)) to \(rounded(now.meanCosine))"
    }
    if before.accuracy >= 0.1, now.accuracy < before.accuracy * accuracyShare {
      return "retrieval fell from \(rounded(before.accuracy)) to \(rounded(now.accuracy))"
    }
    return nil
  }

  private func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
