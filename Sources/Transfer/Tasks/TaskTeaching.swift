// SPDX-License-Identifier: Apache-2.0

/// What a method learns from beside the source's labels: labels of other languages, or the source's own in other languages' words.
///
/// Nothing of it is zero-shot; with ``codeSwitching`` alone, what is true is still told by the source's labels only.
public struct TaskTeaching: Sendable, Equatable {
  /// Languages whose whole training split is learned from too: joint multi-source transfer; none.
  public var sources: [String] = []
  /// How many examples of each class of every target's training split are learned from too: few-shot transfer; 0.
  public var shots = 0
  /// How the source's examples are put into other languages' words too; nil for not at all.
  public var codeSwitching: CodeSwitchSection?

  /// Nothing beside the source's labels.
  public init() {}

  /// Whether there is anything beside the source's labels.
  public var isEmpty: Bool { sources.isEmpty && shots == 0 && codeSwitching == nil }

  /// What labels of other languages are learned from, in a few words; nil for none.
  public var furtherLabels: String? {
    var parts: [String] = []
    if !sources.isEmpty { parts.append("all of \(sources.joined(separator: ", "))") }
    if shots > 0 { parts.append("\(shots) of each class in every target") }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  /// What it is, in a few words; nil where it is empty.
  public var summary: String? {
    var parts = [furtherLabels].compactMap { $0.map { "with \($0)" } }
    if codeSwitching != nil { parts.append("with code-switched text") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
