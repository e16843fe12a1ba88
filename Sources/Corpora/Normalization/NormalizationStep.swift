// SPDX-License-Identifier: Apache-2.0

/// One named change to text, which can be tried and tested alone.
public struct NormalizationStep: Sendable {
  /// Its name on the command line: "nfc".
  public let name: String
  /// What it does, in a line.
  public let summary: String
  /// Which ASCII text it changes; a line of which no step says so is passed through untouched.
  let ascii: ASCIIEffect
  private let change: @Sendable (String) -> String

  /// What a step does to text of ASCII only.
  enum ASCIIEffect: Sendable {
    /// Nothing.
    case none
    /// Something where the text has one of these bytes, or spaces at an end or side by side.
    case bytes(ASCIISet, runsOfSpaces: Bool)
    /// Perhaps something.
    case any
  }

  init(
    _ name: String, _ summary: String, ascii: ASCIIEffect = .none,
    _ change: @escaping @Sendable (String) -> String
  ) {
    self.name = name
    self.summary = summary
    self.ascii = ascii
    self.change = change
  }

  /// The text, changed.
  public func callAsFunction(_ text: String) -> String { change(text) }

  /// A step that looks at one scalar at a time and allocates only where something changes.
  ///
  /// `map` says what a scalar becomes; nil leaves it.
  static func scalars(
    _ name: String, _ summary: String, ascii: ASCIIEffect = .none,
    _ map: @escaping @Sendable (UInt32) -> Replacement?
  ) -> Self {
    Self(name, summary, ascii: ascii) { text in
      var text = text
      let changed: [UInt8]? = text.withUTF8 { bytes in
        var result: [UInt8] = []
        var kept = 0
        var index = 0
        while index < bytes.count {
          let start = index
          let value = decodeScalar(bytes, at: &index)
          guard let replacement = map(value) else { continue }
          if result.isEmpty { result.reserveCapacity(bytes.count + 8) }
          result.append(contentsOf: bytes[kept..<start])
          kept = index
          switch replacement {
          case .nothing: break
          case .scalar(let other): result.appendScalar(other)
          case .text(let other): result.append(contentsOf: other.utf8)
          }
        }
        guard kept > 0 else { return nil }
        result.append(contentsOf: bytes[kept...])
        return result
      }
      return changed.map { String(decoding: $0, as: UTF8.self) } ?? text
    }
  }

  /// What a scalar becomes.
  enum Replacement: Sendable {
    case nothing
    case scalar(UInt32)
    case text(String)
  }
}

/// A set of ASCII bytes.
struct ASCIISet: Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(where isMember: (UInt8) -> Bool) {
    for byte in UInt8(0)..<128 where isMember(byte) {
      if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    byte < 64 ? low >> UInt64(byte) & 1 == 1 : byte < 128 && high >> UInt64(byte - 64) & 1 == 1
  }
}
