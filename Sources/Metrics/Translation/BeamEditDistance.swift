// SPDX-License-Identifier: Apache-2.0

/// The edits that turn words into a reference, looked for near the diagonal.
struct BeamEditDistance {
  /// One step from words to reference.
  enum Edit: UInt8 {
    /// A word that stays.
    case keep
    /// A word that becomes another.
    case substitute
    /// A word that goes.
    case delete
    /// A word that comes.
    case insert
  }

  private static let beam = 25

  /// The number of edits.
  let distance: Int
  private let edits: [Edit]
  private let rows: Int
  private let columns: Int

  init(_ words: [Int], _ reference: [Int]) {
    rows = words.count + 1
    columns = reference.count + 1
    let ratio = words.isEmpty ? 1 : Double(reference.count) / Double(words.count)
    // Very different lengths would leave neighbouring rows without a common cell.
    let width =
      Double(Self.beam) < ratio / 2
      ? Int((ratio / 2 + Double(Self.beam)).rounded(.up)) : Self.beam
    let infinite = Int.max / 2
    var costs = [Int](repeating: infinite, count: rows * columns)
    var edits = [Edit](repeating: .insert, count: rows * columns)
    for column in 0..<columns { costs[column] = column }
    for row in 1..<max(rows, 1) {
      let diagonal = Int((Double(row) * ratio).rounded(.down))
      let end = row == words.count ? columns : min(columns, diagonal + width)
      let start = max(0, diagonal - width)
      guard start < end else { continue }
      let (here, above) = (row * columns, (row - 1) * columns)
      for column in start..<end {
        guard column > 0 else {
          costs[here] = costs[above] + 1
          edits[here] = .delete
          continue
        }
        let isSame = words[row - 1] == reference[column - 1]
        var best = costs[above + column - 1] + (isSame ? 0 : 1)
        var edit = isSame ? Edit.keep : .substitute
        // On equal costs the earlier kind stays.
        if costs[above + column] + 1 < best { (best, edit) = (costs[above + column] + 1, .delete) }
        if costs[here + column - 1] + 1 < best {
          (best, edit) = (costs[here + column - 1] + 1, .insert)
        }
        guard best < infinite else { continue }
        costs[here + column] = best
        edits[here + column] = edit
      }
    }
    distance = costs[costs.count - 1]
    self.edits = edits
  }

  /// The edits from the first word to the last.
  var trace: [Edit] {
    var trace: [Edit] = []
    var (row, column) = (rows - 1, columns - 1)
    while row > 0 || column > 0 {
      let edit = edits[row * columns + column]
      trace.append(edit)
      if edit != .insert { row -= 1 }
      if edit != .delete { column -= 1 }
    }
    return trace.reversed()
  }
}
