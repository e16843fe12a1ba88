// SPDX-License-Identifier: Apache-2.0

/// The `agree` section of a method: texts without labels and their translations, which should get the same answers.
public struct AgreementSection: Sendable, Equatable, Codable {
  /// Files of pairs as `koine align --pairs` takes them, with `{lang}` for each target's, where it is there.
  public var pairs: [String]
  /// How texts of the source's training examples become pairs by dictionaries; nil for not at all.
  public var codeSwitching: CodeSwitchSection?
  /// What agreeing counts beside the loss on labelled examples; 1.
  public var weight: Double

  enum CodingKeys: String, CodingKey, CaseIterable {
    case pairs, codeSwitch, weight
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    pairs = try fields.value(.pairs, default: [])
    codeSwitching = try fields.codeSwitching(.codeSwitch)
    weight = try fields.value(.weight, default: 1, in: 1e-6...1e6)
    guard !pairs.isEmpty || codeSwitching != nil else {
      throw fields.error(.pairs, "or 'codeSwitch' must say where pairs come from")
    }
  }

  /// Writes the section.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(pairs, forKey: .pairs)
    try fields.encodeIfPresent(codeSwitching, forKey: .codeSwitch)
    try fields.encode(weight, forKey: .weight)
  }
}
