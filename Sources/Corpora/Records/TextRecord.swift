// SPDX-License-Identifier: Apache-2.0

/// A line of a file, or line-aligned lines of several files, with the texts in it.
public struct TextRecord: Sendable {
  /// What stands in the files, one line for each file.
  public var lines: [[UInt8]]
  /// The texts, as UTF-8.
  public var texts: [[UInt8]]
  /// Which of the inputs it is from, from 0.
  public var source: Int
  /// The number of the line, from 1.
  public var number: Int
  /// What is wrong with it; then it has no texts.
  public var damage: LineDamage?
}

/// Where a line of several inputs is.
public struct RecordPlace: Sendable, Hashable, Comparable {
  /// The input, from 0, in the high 24 bits; the line, from 1, in the rest.
  public let rawValue: UInt64

  /// The place of a line.
  public init(source: Int, number: Int) {
    rawValue = UInt64(source) << 40 | UInt64(number) & 0xff_ffff_ffff
  }

  init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The input, from 0.
  public var source: Int { Int(rawValue >> 40) }
  /// The line, from 1.
  public var number: Int { Int(rawValue & 0xff_ffff_ffff) }

  /// Earlier inputs and lines come first.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The place as people write it, "file:line".
  public func description(in names: [String]) -> String {
    "\(names.indices.contains(source) ? names[source] : "?"):\(number)"
  }
}
