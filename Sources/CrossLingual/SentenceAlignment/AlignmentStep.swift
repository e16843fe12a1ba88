// SPDX-License-Identifier: Apache-2.0

/// How many sentences of either side an alignment takes.
struct AlignmentStep: Sendable, Hashable {
  let source: Int
  let target: Int

  init(_ source: Int, _ target: Int) {
    self.source = source
    self.target = target
  }

  /// Whether either side is left out.
  var isDeletion: Bool { source == 0 || target == 0 }

  /// One sentence of either side without a counterpart; last, so that of equal costs an alignment is taken.
  static let deletions = [AlignmentStep(0, 1), AlignmentStep(1, 0)]

  /// All with one or more sentences on either side and at most so many together.
  static func joining(upTo size: Int) -> [AlignmentStep] {
    guard size >= 2 else { return [] }
    return (1..<size).flatMap { source in
      (1..<size).filter { source + $0 <= size }.map { AlignmentStep(source, $0) }
    }
  }
}
