// SPDX-License-Identifier: Apache-2.0

extension CorpusError: CustomStringConvertible {
  /// The whole sentence: "train.tsv:12: the row is ragged: expected 3 fields, found 2; …".
  public var description: String {
    let difference = [expected.map { "expected \($0)" }, found.map { "found \($0)" }]
      .compactMap(\.self).joined(separator: ", ")
    var text = location.map { "\($0): \(message)" } ?? message
    if !difference.isEmpty { text += ": \(difference)" }
    if let hint { text += "; \(hint)" }
    return text
  }
}
