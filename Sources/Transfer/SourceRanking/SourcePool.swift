// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Tasks
import Torch

/// Candidates with all that does not depend on the target: vectors, profiles, heads.
public final class SourcePool {
  /// A candidate.
  struct Member {
    var text: SourceText
    var vectors: Tensor
    var profile: LanguageProfile
    var classes: [Int]
    var heads: SourceHeads?
  }

  let members: [Member]
  /// The classes of all candidates; nil without labels.
  let labels: LabelSet?
  private var joints: [[String]: SoftmaxHead] = [:]

  init(_ members: [Member], labels: LabelSet?) {
    self.members = members
    self.labels = labels
  }

  /// The candidates for a target: all but those of its own language.
  func candidates(for target: LanguageTag) throws -> [Member] {
    try members.filter { try LanguageTag($0.text.language) != target }
  }

  /// The head of all candidates together; learnt once for the same ones.
  func joint(_ candidates: [Member], _ labels: LabelSet) throws -> SoftmaxHead {
    let key = candidates.map(\.text.language)
    if let known = joints[key] { return known }
    let head = try SourceHeads.joint(
      candidates.map { ($0.vectors, $0.classes) }, classCount: labels.count)
    joints[key] = head
    return head
  }
}
