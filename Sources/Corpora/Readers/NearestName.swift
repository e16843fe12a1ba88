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

/// The least number of scalars to insert, delete or replace, whatever their case (Levenshtein 1966).
func editDistance(_ left: String, _ right: String) -> Int {
  let (left, right) = (
    Array(left.lowercased().unicodeScalars), Array(right.lowercased().unicodeScalars)
  )
  var row = Array(0...right.count)
  for (i, scalar) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let replaced = diagonal + (scalar == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[right.count]
}
