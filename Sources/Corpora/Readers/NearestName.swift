// SPDX-License-Identifier: Apache-2.0

extension CorpusError {
  /// A column or key that is not there, with those that are and the one that is spelled most like it.
  init(
    missing name: String, among names: [String], called kind: String = "column", at file: String,
    line: Int
  ) {
    let nearest = names.filter { !$0.isEmpty }.min { left, right in
      (editDistance(left, name), left) < (editDistance(right, name), right)
    }
    self.init(
      .column, "there is no \(kind) '\(name)'",
      found: names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", "),
      hint: nearest.map { "did you mean '\($0)'?" }, at: file, line: line)
  }
}
