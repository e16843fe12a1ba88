// SPDX-License-Identifier: Apache-2.0

/// Finds the name that somebody probably meant.
enum NearestName {
  /// The known name that is fewest edits away, or `nil` where none is near.
  ///
  /// Near is at most a third of the longer name, at least one edit; of equally near names the first
  /// wins. The distance is Levenshtein's on lower-cased Unicode scalars.
  static func of(_ name: String, among known: [String]) -> String? {
    // A name that long is no typing error, and the distance costs the product of the lengths.
    guard name.utf8.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in known {
      let distance = distance(name, candidate)
      let longer = max(name.unicodeScalars.count, candidate.unicodeScalars.count)
      guard distance <= max(1, longer / 3), distance < best?.distance ?? .max else { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  private static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.lowercased().unicodeScalars)
    let right = Array(right.lowercased().unicodeScalars)
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substitution = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
