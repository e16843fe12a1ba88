// SPDX-License-Identifier: Apache-2.0

/// How the tokens of a line of text are written as a line.
public enum LineFormat: String, Sendable, CaseIterable {
  /// Ids between single spaces.
  case ids
  /// Pieces between single spaces, as ``PieceSpelling`` writes them.
  case pieces
  /// `begin:end` for each piece, between single spaces; `0:0` for tokens that were put in.
  case offsets
  /// An object with `ids`, `pieces`, `offsets` (`[begin,end]`) and `tokens`, their number.
  case json
}

/// How a line is cut into pieces.
public enum Segmentation: Sendable, Equatable {
  /// The best way.
  case best
  /// So many of the best ways, the best first.
  case nBest(Int)
  /// So many ways drawn at random; what is drawn follows from the seed and the number of the line.
  case sampled(Sampling, count: Int = 1, seed: UInt64 = 1)

  /// How many ways there are at most.
  var count: Int {
    switch self {
    case .best: 1
    case .nBest(let count), .sampled(_, let count, _): count
    }
  }

  /// Whether the ways, be there one or several, are written as a list.
  var isList: Bool {
    switch self {
    case .best: false
    case .nBest: true
    case .sampled(_, let count, _): count > 1
    }
  }
}
