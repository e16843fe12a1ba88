// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// A text cut into words, and where the script changes.
///
/// Where words are not parted by spaces, a piece has a few characters.
struct TextPieces {
  /// A stretch of the text in one script, or in none.
  private struct Piece {
    var range: Range<String.UnicodeScalarView.Index>
    var group: UInt8
  }

  /// Letters in a piece of a text that is written without spaces.
  private static let longest = 8

  private let text: String
  private let pieces: [Piece]

  init(_ text: String) {
    self.text = text
    var pieces: [Piece] = []
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    var group: UInt8 = 0
    var letters = 0
    func close(at end: String.UnicodeScalarView.Index) {
      guard start < end else { return }
      if group == 0, let last = pieces.indices.last {
        // What belongs to no script goes with what stands before.
        pieces[last].range = pieces[last].range.lowerBound..<end
      } else {
        pieces.append(Piece(range: start..<end, group: group))
      }
      start = end
      group = 0
      letters = 0
    }
    for index in scalars.indices {
      let scalar = scalars[index]
      let script = scalar.script
      guard script.isSpecific else {
        if scalar.isASCII ? scalar.value <= 0x20 : scalar.properties.isWhitespace {
          close(at: scalars.index(after: index))
        }
        continue
      }
      let next = Self.group(of: script)
      if group != 0, next != group || Self.isUnspaced(script) && letters >= Self.longest {
        close(at: index)
      }
      group = next
      letters += 1
    }
    close(at: scalars.endIndex)
    self.pieces = pieces
  }

  /// Windows over the pieces that overlap by halves, none of them over a change of script.
  func windows(of size: Int) -> [Range<Int>] {
    var windows: [Range<Int>] = []
    var start = 0
    while start < pieces.count {
      var end = start
      while end < pieces.count,
        pieces[end].group == pieces[start].group || pieces[end].group == 0
      {
        end += 1
      }
      var place = start
      while true {
        let stop = min(place + size, end)
        windows.append(place..<stop)
        if stop == end { break }
        place += size / 2
      }
      start = end
    }
    return windows
  }

  /// Stretches of at least so many pieces that follow each other; none where there is but one.
  func stretches(of size: Int) -> [Range<Int>] {
    let count = pieces.count / size
    guard count > 1 else {
      // A short text has two halves.
      let middle = pieces.count / 2
      return middle * 4 >= size ? [0..<middle, middle..<pieces.count] : []
    }
    return (0..<count).map { pieces.count * $0 / count..<pieces.count * ($0 + 1) / count }
  }

  /// The text's first words.
  func beginning(words count: Int) -> String { text(0..<min(count, pieces.count)) }

  /// The text of some pieces.
  func text(_ range: Range<Int>) -> String {
    guard let first = pieces[range].first, let last = pieces[range].last else { return "" }
    return String(text.unicodeScalars[first.range.lowerBound..<last.range.upperBound])
  }

  /// Scripts that one language mixes count as one.
  static func group(of script: Script) -> UInt8 {
    groups[Int(script.rawValue)]
  }

  private static func isUnspaced(_ script: Script) -> Bool {
    unspaced[Int(script.rawValue)]
  }

  /// By the script's raw value: the first of those that it is mixed with, or itself.
  private static let groups: [UInt8] = {
    let joined = ["Hani", "Hira", "Kana", "Bopo", "Hang"]
    let first = Script(code: joined[0])?.rawValue
    return Script.all.map { joined.contains($0.code) ? first ?? $0.rawValue : $0.rawValue }
  }()

  /// By the script's raw value: whether words are not parted by spaces.
  private static let unspaced: [Bool] = {
    let codes = ["Hani", "Hira", "Kana", "Bopo", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"]
    return Script.all.map { codes.contains($0.code) }
  }()
}
