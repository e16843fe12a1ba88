// SPDX-License-Identifier: Apache-2.0

/// sentencepiece's own normalisation: the longest rule at each byte, spaces tidied and escaped.
struct SentencePieceNormalizer: Sendable {
  private let map: CharsMap?
  private let userDefined: PieceTrie?
  private let addsDummyPrefix: Bool
  private let removesExtraSpaces: Bool
  private let escapesSpaces: Bool
  private let treatsSpaceAsSuffix: Bool

  init(_ model: SentencePieceModel) throws(SubwordError) {
    map = model.charsMap.isEmpty ? nil : try CharsMap(model.charsMap)
    let symbols = model.pieces.map { $0.kind == .userDefined ? Array($0.text.utf8) : nil }
    userDefined = symbols.contains { $0 != nil } ? PieceTrie(symbols) : nil
    addsDummyPrefix = model.addsDummyPrefix
    removesExtraSpaces = model.removesExtraSpaces
    escapesSpaces = model.escapesSpaces
    treatsSpaceAsSuffix = model.treatsSpaceAsSuffix
  }

  /// Normalised bytes, and for each of them, and for the end, the byte of the input that it came from.
  func normalize(_ input: [UInt8]) -> (bytes: [UInt8], origins: [Int]) {
    input.withUnsafeBufferPointer(normalize)
  }

  private func normalize(_ input: UnsafeBufferPointer<UInt8>) -> (bytes: [UInt8], origins: [Int]) {
    var bytes: [UInt8] = []
    var origins: [Int] = []
    var consumed = 0
    if removesExtraSpaces {
      while consumed < input.count {
        let (new, size) = prefix(input, consumed)
        guard new.elementsEqual([0x20]) else { break }
        consumed += size
      }
    }
    guard consumed < input.count else { return ([], [input.isEmpty ? 0 : consumed]) }
    let space: [UInt8] = escapesSpaces ? [0xe2, 0x96, 0x81] : [0x20]
    func add(_ new: some Sequence<UInt8>, _ origin: Int) {
      for byte in new {
        bytes.append(byte)
        origins.append(origin)
      }
    }
    if !treatsSpaceAsSuffix, addsDummyPrefix { add(space, consumed) }
    var endsInSpace = removesExtraSpaces
    while consumed < input.count {
      var (new, size) = prefix(input, consumed)
      while endsInSpace, new.first == 0x20 { new = new.dropFirst() }
      if !new.isEmpty {
        for byte in new {
          if byte == 0x20, escapesSpaces { add(space, consumed) } else { add([byte], consumed) }
        }
        endsInSpace = new.last == 0x20
      }
      consumed += size
      if !removesExtraSpaces { endsInSpace = false }
    }
    if removesExtraSpaces {
      while bytes.suffix(space.count).elementsEqual(space) {
        consumed = origins[bytes.count - space.count]
        bytes.removeLast(space.count)
        origins.removeLast(space.count)
      }
    }
    if treatsSpaceAsSuffix, addsDummyPrefix { add(space, consumed) }
    origins.append(consumed)
    return (bytes, origins)
  }

  /// What the bytes at a place become, and how many of them; malformed UTF-8 becomes U+FFFD.
  private func prefix(
    _ input: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (new: ArraySlice<UInt8>, size: Int) {
    var symbol = 0
    userDefined?.forEachMatch(input, from: start) { size, _ in symbol = size }
    if symbol > 0 { return (ArraySlice(input[start..<(start + symbol)]), symbol) }
    if let map, let match = map.match(input, from: start, longest: true) {
      return (map.replacement(match.value), match.length)
    }
    let size = min(Unigram.scalarLength(input[start]), input.count - start)
    return (ArraySlice(input[start..<(start + size)]), size)
  }
}
