// SPDX-License-Identifier: Apache-2.0

/// The normaliser that a SentencePiece model carries.
///
/// At each place the *longest* rule of the charsmap applies; spaces become U+2581; a dummy prefix
/// and the removal of extra spaces are settings of the model.
public struct SentencePieceNormalizer: Sendable, Equatable {
  /// The rules; an empty map for `identity`.
  public var map: CharacterMap
  /// Whether a space is put in front (or behind, see `treatsWhitespaceAsSuffix`).
  public var addsDummyPrefix: Bool
  /// Whether spaces at both ends are dropped and runs become one.
  public var removesExtraWhitespaces: Bool
  /// Whether a space becomes U+2581.
  public var escapesWhitespaces: Bool
  /// Whether the dummy space goes to the end.
  public var treatsWhitespaceAsSuffix: Bool
  /// User-defined pieces, which no rule may touch.
  var protected: PieceTrie? {
    didSet { protectedStarts = Self.starts(of: protected) }
  }
  /// Whether such a piece may begin with a byte; nil where there are none.
  private(set) var protectedStarts: FixedArray<Bool>?
  /// Whether such a piece has a space in it.
  var protectsSpaces = false

  private static func starts(of pieces: PieceTrie?) -> FixedArray<Bool>? {
    guard let pieces else { return nil }
    return pieces.trie.units.withUnsafeBufferPointer { units in
      FixedArray(
        (0..<256).map { byte in
          var state = pieces.trie.root
          return DoubleArray.step(units, &state, UInt8(byte)) != nil
        })
    }
  }

  /// Whether a text without U+2581 can be normalised word by word, each by itself: extra spaces go, so that
  /// a word gets its mark whatever stands before it, no rule has a space in its source, and none makes U+2581.
  var separatesWords: Bool {
    removesExtraWhitespaces && escapesWhitespaces && !treatsWhitespaceAsSuffix
      && map.classes.count > 0 && !map.readsSpaces && !protectsSpaces && !map.makesMarks
  }

  /// Whether no rule and no protected piece begins with a space.
  var spaceIsPlain: Bool {
    map.classes.count > 0
      && map.classes[0x20] & (CharacterMap.ScalarClass.changes | CharacterMap.ScalarClass.begins)
        == 0
      && protectedStarts?[0x20] != true
  }

  /// Makes a normaliser; the defaults are SentencePiece's own.
  public init(
    map: CharacterMap, addsDummyPrefix: Bool = true, removesExtraWhitespaces: Bool = true,
    escapesWhitespaces: Bool = true, treatsWhitespaceAsSuffix: Bool = false
  ) {
    self.map = map
    self.addsDummyPrefix = addsDummyPrefix
    self.removesExtraWhitespaces = removesExtraWhitespaces
    self.escapesWhitespaces = escapesWhitespaces
    self.treatsWhitespaceAsSuffix = treatsWhitespaceAsSuffix
  }

  /// U+2581, the mark of a space, in UTF-8.
  static let mark: [UInt8] = [0xE2, 0x96, 0x81]

  /// Whether the mark stands at `index`, below `end`.
  @inline(__always)
  static func isMark(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int) -> Bool {
    index + 2 < end && bytes[index] == 0xE2 && bytes[index + 1] == 0x96 && bytes[index + 2] == 0x81
  }

  func normalize(_ text: AlignedText) -> AlignedText {
    var output = Output(self, isAligned: text.isAligned, origin: text.origin)
    text.bytes.withUnsafeBufferPointer { bytes in
      map.trie.units.withUnsafeBufferPointer { units in
        map.replacements.withUnsafeBufferPointer { replacements in
          var index = 0
          // Leading spaces are passed over before the dummy prefix is aligned.
          while removesExtraWhitespaces, index < bytes.count {
            let (length, right) = match(bytes, units, at: index)
            guard
              let piece = right.map({ replacements[$0] })
                ?? Optional(bytes[index..<index + length]),
              piece.count == 1, piece.first == 0x20
            else { break }
            index += length
          }
          guard index < bytes.count else { return }
          if addsDummyPrefix, !treatsWhitespaceAsSuffix { output.space(at: index) }
          var isAfterSpace = removesExtraWhitespaces
          while index < bytes.count {
            let (length, right) = match(bytes, units, at: index)
            let source = right.map { replacements[$0] } ?? bytes[index..<index + length]
            var piece = source[...]
            while isAfterSpace, piece.first == 0x20 { piece = piece.dropFirst() }
            for byte in piece {
              if byte == 0x20 { output.space(at: index) } else { output.byte(byte, at: index) }
            }
            if let last = piece.last { isAfterSpace = last == 0x20 }
            if !removesExtraWhitespaces { isAfterSpace = false }
            index += length
          }
          output.finish(at: index)
        }
      }
    }
    return output.text
  }

  /// How many bytes the step at `index` consumes, and the right side they become (nil: themselves).
  func match(
    _ bytes: UnsafeBufferPointer<UInt8>, _ units: UnsafeBufferPointer<UInt32>, at index: Int
  ) -> (length: Int, right: Range<Int>?) {
    if let protected, let length = protected.longestMatch(bytes, from: index) {
      return (length, nil)
    }
    if let found = map.longestMatch(units, bytes, from: index) {
      return (found.length, found.replacement)
    }
    return (min(UTF8Scalar.length(leading: bytes[index]), bytes.count - index), nil)
  }

  /// The normalised bytes, each with the place in the input where its step began; an end is the
  /// start of the next byte, which is how SentencePiece measures surfaces.
  private struct Output {
    var text: AlignedText
    let normalizer: SentencePieceNormalizer
    let space: [UInt8]

    init(_ normalizer: SentencePieceNormalizer, isAligned: Bool, origin: Int32) {
      self.normalizer = normalizer
      space = normalizer.escapesWhitespaces ? SentencePieceNormalizer.mark : [0x20]
      text = AlignedText(isAligned: isAligned)
      text.origin = origin
    }

    mutating func byte(_ byte: UInt8, at index: Int) {
      text.bytes.append(byte)
      if text.isAligned { text.starts.append(text.origin + Int32(index)) }
    }

    mutating func space(at index: Int) {
      for byte in space { self.byte(byte, at: index) }
    }

    mutating func finish(at end: Int) {
      var end = text.origin + Int32(end)
      if normalizer.removesExtraWhitespaces {
        while text.bytes.suffix(space.count).elementsEqual(space) {
          text.bytes.removeLast(space.count)
          guard text.isAligned else { continue }
          end = text.starts[text.bytes.count]
          text.starts.removeLast(space.count)
        }
      }
      if normalizer.treatsWhitespaceAsSuffix, normalizer.addsDummyPrefix {
        text.bytes.append(contentsOf: space)
        if text.isAligned { for _ in space { text.starts.append(end) } }
      }
      if text.isAligned, !text.starts.isEmpty { text.ends = Array(text.starts.dropFirst()) + [end] }
    }
  }
}
