// SPDX-License-Identifier: Apache-2.0

/// Neighbouring sentences of one document and those of another that say the same; one side is empty where the other has no counterpart.
public struct SentenceAlignment: Sendable, Hashable {
  /// The sentences of the source, from 0.
  public var source: Range<Int>
  /// The sentences of the target, from 0.
  public var target: Range<Int>
  /// What it costs, 0 for a perfect fit and for sentences without a counterpart: by vectors, the cosine distance in shares of that of random
  /// sentences; by length, minus the logarithm of how likely lengths so different are.
  public var cost: Double

  /// An alignment of ranges.
  public init(_ source: Range<Int>, _ target: Range<Int>, cost: Double) {
    self.source = source
    self.target = target
    self.cost = cost
  }

  /// Whether either side is empty.
  public var isDeletion: Bool { source.isEmpty || target.isEmpty }

  /// As vecalign writes it: `[3, 4]:[5]:0.123456`.
  public var line: String {
    func list(_ range: Range<Int>) -> String {
      "[\(range.map(String.init).joined(separator: ", "))]"
    }
    return "\(list(source)):\(list(target)):\(Self.decimal(cost))"
  }

  /// Six digits behind the point.
  private static func decimal(_ number: Double) -> String {
    let millionths = Int((max(0, number) * 1e6).rounded())
    let rest = String(millionths % 1_000_000)
    return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
  }
}

/// Sentences that belong together by hand, in any order and with gaps.
public struct GoldAlignment: Sendable, Hashable {
  /// The sentences of the source, from 0.
  public var source: [Int]
  /// The sentences of the target, from 0.
  public var target: [Int]

  /// Sentences of both sides.
  public init(_ source: [Int], _ target: [Int]) {
    self.source = source
    self.target = target
  }

  /// What was found, as if it were known.
  public init(_ found: SentenceAlignment) {
    self.init(Array(found.source), Array(found.target))
  }

  /// Reads a line as vecalign writes it, `[3, 4]:[5]` with or without a cost; nil where it is none.
  public init?(line: String) {
    let fields = line.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(fields.count), let source = Self.list(fields[0]),
      let target = Self.list(fields[1])
    else { return nil }
    self.init(source, target)
  }

  private static func list(_ text: Substring) -> [Int]? {
    let text = text.filter { !$0.isWhitespace }
    guard text.first == "[", text.last == "]" else { return nil }
    var numbers: [Int] = []
    let inner = text.dropFirst().dropLast()
    for part in inner.split(separator: ",", omittingEmptySubsequences: false) {
      guard !inner.isEmpty else { break }
      guard let number = Int(part), number >= 0 else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}
