// SPDX-License-Identifier: Apache-2.0

/// A weight that changes in a straight line over a part of a training.
///
/// In text it is `1`, `1:0.1` (from 1 at the beginning to 0.1 at the end), or `0:1@0.2-0.5` (0 until a fifth of the steps are taken, rising to
/// 1 at half of them).
public struct WeightSchedule: Sendable, Equatable {
  /// The weight until ``begin``.
  public var first: Double
  /// The weight from ``end`` on.
  public var last: Double
  /// The share of steps after which the weight begins to change.
  public var begin: Double
  /// The share of steps after which it changes no more.
  public var end: Double

  /// A weight that stays.
  public init(_ weight: Double) { self.init(from: weight, to: weight) }

  /// A weight that changes between two shares of the steps; from beginning to end by default.
  public init(from first: Double, to last: Double, begin: Double = 0, end: Double = 1) {
    (self.first, self.last, self.begin, self.end) = (first, last, begin, end)
  }

  /// The weight when so large a share of the steps has been taken.
  public func value(at progress: Double) -> Double {
    if progress <= begin { return first }
    if progress >= end { return last }
    return first + (last - first) * (progress - begin) / (end - begin)
  }

  /// Whether it is above 0 at any time.
  public var isUsed: Bool { first > 0 || last > 0 }

  /// Reads the form in text; nil where it is none: weights are at least 0, shares between 0 and 1 and in order.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let weights = parts[0].split(separator: ":", omittingEmptySubsequences: false).map {
      Double($0)
    }
    guard (1...2).contains(weights.count), let first = weights[0], let last = weights.last ?? nil
    else { return nil }
    self.init(from: first, to: last)
    if parts.count > 1 {
      let shares = parts[1].split(separator: "-", omittingEmptySubsequences: false).map {
        Double($0)
      }
      guard shares.count == 2, let begin = shares[0], let end = shares[1] else { return nil }
      (self.begin, self.end) = (begin, end)
    }
    guard isValid else { return nil }
  }

  private var isValid: Bool {
    first >= 0 && last >= 0 && first.isFinite && last.isFinite
      && begin >= 0 && begin <= end && end <= 1
  }
}

extension WeightSchedule: CustomStringConvertible {
  /// The form in text.
  public var description: String {
    let weights = first == last ? "\(first)" : "\(first):\(last)"
    return begin == 0 && end == 1 || first == last ? weights : "\(weights)@\(begin)-\(end)"
  }
}

extension WeightSchedule: Codable {
  /// Reads a number or the form in text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text =
      (try? container.decode(Double.self)).map { "\($0)" } ?? (try? container.decode(String.self))
    guard let text, let schedule = WeightSchedule(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "expected a weight of at least 0, as 1, 1:0.1 or 0:1@0.2-0.5, found '\(text ?? "something else")'"
      )
    }
    self = schedule
  }

  /// Writes a number where the weight stays, else the form in text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if first == last { try container.encode(first) } else { try container.encode(description) }
  }
}
