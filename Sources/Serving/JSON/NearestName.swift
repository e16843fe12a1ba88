// SPDX-License-Identifier: Apache-2.0

import Corpora

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
      let distance = editDistance(name, candidate)
      let longer = max(name.unicodeScalars.count, candidate.unicodeScalars.count)
      guard distance <= max(1, longer / 3), distance < best?.distance ?? .max else { continue }
      best = (candidate, distance)
    }
    return best?.name
  }
}
