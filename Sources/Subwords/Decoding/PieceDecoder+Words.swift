// SPDX-License-Identifier: Apache-2.0

extension PieceDecoder {
  /// What `cleansUp` replaces, in this order.
  private static let tidying: [(String, String)] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  static func tidied(_ text: String) -> String {
    tidying.reduce(text) { TextPattern.literal($1.0).replace(in: $0, by: $1.1) }
  }

  static func joinWords(_ pieces: [String], prefix: String, cleansUp: Bool) -> [String] {
    pieces.enumerated().map { index, piece in
      var text = piece
      if index > 0 {
        text =
          piece.utf8.starts(with: prefix.utf8)
          ? String(decoding: piece.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : " " + piece
      }
      return cleansUp ? tidied(text) : text
    }
  }

  static func collapse(
    _ pieces: [String], _ pad: String, _ wordDelimiter: String, _ cleansUp: Bool
  ) -> [String] {
    var result = [String]()
    var previous: String?
    for piece in pieces {
      defer { previous = piece }
      if let previous, previous.utf8.elementsEqual(piece.utf8) { continue }
      var text = TextPattern.literal(pad).replace(in: piece, by: "")
      if cleansUp {
        text = TextPattern.literal(wordDelimiter).replace(in: tidied(text), by: " ")
      }
      if !text.isEmpty { result.append(text) }
    }
    return result
  }
}
