// SPDX-License-Identifier: Apache-2.0

/// The least number of scalars to insert, delete or replace, whatever their case (Levenshtein 1966).
public func editDistance(_ left: String, _ right: String) -> Int {
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
