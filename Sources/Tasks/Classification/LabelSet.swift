// SPDX-License-Identifier: Apache-2.0

/// The classes of a task, in a fixed order.
public struct LabelSet: Sendable, Equatable, Codable {
  /// The classes' names, sorted, each once.
  public let names: [String]
  private let indices: [String: Int]

  /// The classes that occur in `labels`; two at least.
  public init(_ labels: some Sequence<String>) throws(TaskError) {
    let names = Set(labels).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard names.count > 1 else {
      let found = names.first.map { "only '\($0)'" } ?? "none"
      throw TaskError(.examples, "expected at least two classes to tell apart, found \(found)")
    }
    self.init(sorted: names)
  }

  /// Classes in the order of a head's outputs; names that differ, two at least.
  public init(ordered names: [String]) throws(TaskError) {
    guard names.count > 1, Set(names.map { Array($0.utf8) }).count == names.count else {
      throw TaskError(
        .examples, "expected at least two classes with names that differ, found \(names)")
    }
    self.init(sorted: names)
  }

  private init(sorted names: [String]) {
    self.names = names
    indices = Dictionary(
      names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Reads the names of a saved set, whose order is kept.
  public init(from decoder: any Decoder) throws {
    self.init(sorted: try decoder.singleValueContainer().decode([String].self))
  }

  /// Writes the names.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(names)
  }

  /// The number of classes.
  public var count: Int { names.count }

  /// For each class the number by which its examples count as much as those of any other; their mean over examples is 1.
  func balancedWeights(_ labels: [String]) -> [Float] {
    var counts = [Int](repeating: 0, count: count)
    for label in labels { if let index = index(of: label) { counts[index] += 1 } }
    let classes = counts.count { $0 > 0 }
    return counts.map { $0 == 0 ? 0 : Float(labels.count) / Float(classes * $0) }
  }

  /// The index of a class, or nil for a label that training did not have.
  public func index(of label: String) -> Int? { indices[label] }
}
