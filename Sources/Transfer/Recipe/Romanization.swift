// SPDX-License-Identifier: Apache-2.0

/// Which languages' text is written in Latin letters before an encoder sees it.
public enum Romanization: Sendable, Equatable {
  /// None.
  case none
  /// Those that the frozen classifier is surer of so, on their text without labels.
  case auto
  /// These.
  case languages([String])
}

extension Romanization: Codable {
  /// Reads a word or a list of languages.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let languages = try? value.decode([String].self) {
      self = .languages(languages)
      return
    }
    switch try value.decode(String.self) {
    case "none": self = .none
    case "auto": self = .auto
    case let word:
      throw DecodingError.dataCorruptedError(
        in: value,
        debugDescription: "must be none, auto or a list of languages, found '\(word)'")
    }
  }

  /// Writes what is read.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .none: try container.encode("none")
    case .auto: try container.encode("auto")
    case .languages(let languages): try container.encode(languages)
    }
  }
}
