// SPDX-License-Identifier: Apache-2.0

/// What becomes of lines that cannot be read as text.
public enum InvalidText: String, Sendable, CaseIterable {
  /// They are left out, and named.
  case drop
  /// Bytes that are not UTF-8 become U+FFFD; what cannot be mended so, as a line beyond the limit, stops.
  case replace
  /// The first one is an error.
  case stop
}

/// Why a line cannot be read.
public enum LineDamage: Sendable, Equatable {
  /// It is not UTF-8 from this byte on, counted from 0.
  case invalid(Int)
  /// It has so many bytes, more than the limit.
  case overlong(Int, limit: Int)
  /// It is not a record of its file's format.
  case malformed(CorpusError)

  /// The damage as an error that names the line.
  public func error(at file: String, line: Int) -> CorpusError {
    switch self {
    case .invalid(let offset):
      CorpusError(
        .encoding, "the line is not valid UTF-8", found: "a stray byte at offset \(offset)",
        hint: "convert the file, for example with iconv", at: file, line: line)
    case .overlong(_, let limit):
      CorpusError(
        .length, "the line is longer than \(limit) bytes",
        hint: "is it text, with one example a line?", at: file, line: line)
    case .malformed(let error): error
    }
  }

  /// The damage in a few words.
  public var reason: String {
    switch self {
    case .invalid(let offset): "not UTF-8 at byte \(offset)"
    case .overlong(let length, let limit): "\(length) bytes, more than \(limit)"
    case .malformed(let error): error.message
    }
  }
}

/// The lines that were dropped or mended: how many, and where the first ones are.
public struct DamageLog: Sendable, Equatable {
  /// How many places are kept.
  public static let placeLimit = 10

  /// How many lines.
  public private(set) var count = 0
  /// The first ones, as "file:line: not UTF-8 at byte 7".
  public private(set) var places: [String] = []

  /// No lines.
  public init() {}

  /// Adds a line.
  public mutating func note(_ damage: LineDamage, at file: String, line: Int) {
    count += 1
    if places.count < Self.placeLimit { places.append("\(file):\(line): \(damage.reason)") }
  }

  /// Adds the lines of another log.
  public mutating func add(_ other: DamageLog) {
    count += other.count
    places += other.places.prefix(Self.placeLimit - places.count)
  }
}
