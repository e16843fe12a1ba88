// SPDX-License-Identifier: Apache-2.0

/// Steps of normalisation, one after another.
public struct TextNormalizer: Sendable {
  /// The steps, in their order.
  public let steps: [NormalizationStep]
  /// The bytes of ASCII that some step changes, and whether one changes runs of spaces.
  private let changed: ASCIISet
  private let changesRuns: Bool
  private let changesAny: Bool

  /// A normaliser of these steps.
  public init(_ steps: [NormalizationStep]) {
    self.steps = steps
    var sets: [ASCIISet] = []
    var changesRuns = false
    var changesAny = false
    for step in steps {
      switch step.ascii {
      case .none: break
      case .bytes(let set, let runs):
        sets.append(set)
        changesRuns = changesRuns || runs
      case .any: changesAny = true
      }
    }
    changed = ASCIISet { byte in sets.contains { $0.contains(byte) } }
    self.changesRuns = changesRuns
    self.changesAny = changesAny
  }

  /// The normaliser of a language's profile, or of the steps that are named; `profile` among the names
  /// stands for the profile's steps.
  ///
  /// - Throws: `CorpusError.Code.format` where a step is unknown.
  public init(names: [String]? = nil, language: LanguageTag? = nil) throws(CorpusError) {
    let profile = NormalizationProfile(language).steps
    var steps: [NormalizationStep] = []
    for name in names ?? profile {
      for part in name == "profile" ? profile : [name] {
        steps.append(try NormalizationStep.named(part, language: language))
      }
    }
    self.init(steps)
  }

  /// The text after all steps.
  public func callAsFunction(_ text: String) -> String {
    var text = text
    if isFixed(&text) { return text }
    for step in steps { text = step(text) }
    return text
  }

  /// The text after all steps, as UTF-8; bytes that are not UTF-8 become U+FFFD.
  public func callAsFunction(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.withUnsafeBufferPointer(isFixed) { return bytes }
    return Array(self(String(decoding: bytes, as: UTF8.self)).utf8)
  }

  /// Whether text is of ASCII only and nothing in it would change.
  private func isFixed(_ text: inout String) -> Bool { text.withUTF8 { isFixed($0) } }

  private func isFixed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !changesAny, isASCII(bytes) else { return false }
    var last = UInt8(ascii: " ")  // a space at the start is a run
    for byte in bytes {
      if changed.contains(byte) { return false }
      if changesRuns, byte == UInt8(ascii: " "), last == byte { return false }
      last = byte
    }
    return !(changesRuns && last == UInt8(ascii: " ") && !bytes.isEmpty)
  }
}
