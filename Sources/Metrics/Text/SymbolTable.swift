// SPDX-License-Identifier: Apache-2.0

/// Numbers for words, so that they are compared by their scalars and fast.
struct SymbolTable {
  private var symbols: [ArraySlice<Unicode.Scalar>: Int] = [:]

  /// The number of a word; a new one for a word that was not seen before.
  mutating func symbol(_ word: ArraySlice<Unicode.Scalar>) -> Int {
    if let known = symbols[word] { return known }
    symbols[word] = symbols.count
    return symbols.count - 1
  }

  /// The numbers of words.
  mutating func symbols(_ words: [ArraySlice<Unicode.Scalar>]) -> [Int] {
    words.map { symbol($0) }
  }
}

/// Numbers for n-grams: each is the number of what precedes its last symbol, and that symbol.
struct NGramTable {
  private struct Key: Hashable {
    var prefix: Int
    var symbol: Int
  }

  private var numbers: [Key: Int] = [:]

  /// How often each n-gram occurs, for n from 1 to `order`; the first entry is that of single symbols.
  mutating func counts(_ symbols: [Int], order: Int) -> [[Int: Int]] {
    var result: [[Int: Int]] = []
    var prefixes = [Int](repeating: -1, count: symbols.count)
    for n in 0..<order {
      var counts: [Int: Int] = [:]
      for start in 0..<max(0, symbols.count - n) {
        let key = Key(prefix: prefixes[start], symbol: symbols[start + n])
        let number = numbers[key] ?? numbers.count
        if number == numbers.count { numbers[key] = number }
        prefixes[start] = number
        counts[number, default: 0] += 1
      }
      result.append(counts)
    }
    return result
  }
}
