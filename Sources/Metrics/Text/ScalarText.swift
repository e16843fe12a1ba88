// SPDX-License-Identifier: Apache-2.0

/// Text as Unicode scalars: what the reference scripts of the field, written in Python, call a string.
typealias ScalarText = [Unicode.Scalar]

extension Unicode.Scalar {
  /// Whether it parts words, as Python's `str.split` has it: White_Space and four separators of ASCII.
  var isSeparator: Bool { properties.isWhitespace || (0x1c...0x1f).contains(value) }

  /// Whether it is one of ASCII's 32 punctuation marks and symbols.
  var isASCIIPunctuation: Bool {
    switch value {
    case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
    default: false
    }
  }

  /// Whether its general category is one of punctuation.
  var isPunctuation: Bool {
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }

  /// Whether its general category is one of symbols.
  var isSymbol: Bool {
    switch properties.generalCategory {
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: true
    default: false
    }
  }

  /// Whether its general category is one of numbers.
  var isNumber: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }

  /// Whether `\w` of Python's expressions takes it: letters, numbers and the low line, but no marks.
  var isWordPart: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: isNumber || properties.numericType != nil || value == 0x5f
    }
  }

  /// Whether it is a digit of ASCII.
  var isASCIIDigit: Bool { (0x30...0x39).contains(value) }
}

extension RangeReplaceableCollection<Unicode.Scalar> where Self: RandomAccessCollection {
  /// The words between separators.
  var words: [SubSequence] {
    split(whereSeparator: \.isSeparator)
  }

  /// Without separators at the end.
  var trimmingEnd: SubSequence {
    self[..<(lastIndex { !$0.isSeparator }.map { index(after: $0) } ?? startIndex)]
  }
}

extension ScalarText {
  /// The scalars of a text.
  init(text: String) { self = Array(text.unicodeScalars) }

  /// The text again.
  var string: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: self)
    return String(view)
  }

  /// In lower case by Unicode's full mapping, with a sigma at the end of a word as a final one.
  ///
  /// Source: the Unicode Standard 3.13, table 3-17.
  var lowercased: ScalarText {
    var result = ScalarText()
    result.reserveCapacity(count)
    for (place, scalar) in enumerated() {
      if scalar.value < 0x80 {
        let isUpper = (0x41...0x5a).contains(scalar.value)
        result.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar)
      } else if scalar.value == 0x3a3 {
        result.append(isFinal(place) ? "\u{3c2}" : "\u{3c3}")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  private func isFinal(_ place: Int) -> Bool {
    let before = self[..<place].last { !$0.properties.isCaseIgnorable }
    let after = self[(place + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }

  /// The words with one space between.
  var collapsed: ScalarText { ScalarText(words.joined(separator: CollectionOfOne(" "))) }

  /// With a space on both sides of each scalar of a kind.
  func spacing(_ isKind: (Unicode.Scalar) -> Bool) -> ScalarText {
    var result = ScalarText()
    result.reserveCapacity(count)
    for scalar in self {
      if isKind(scalar) { result += [" ", scalar, " "] } else { result.append(scalar) }
    }
    return result
  }

  /// With each pair of neighbours of two kinds written anew, from left to right; a scalar belongs to one pair at most.
  func rewriting(
    _ first: (Unicode.Scalar) -> Bool, _ second: (Unicode.Scalar) -> Bool,
    as pair: (Unicode.Scalar, Unicode.Scalar) -> ScalarText
  ) -> ScalarText {
    var result = ScalarText()
    result.reserveCapacity(count)
    var place = 0
    while place < count {
      if place + 1 < count, first(self[place]), second(self[place + 1]) {
        result += pair(self[place], self[place + 1])
        place += 2
      } else {
        result.append(self[place])
        place += 1
      }
    }
    return result
  }

  /// With every occurrence of a stretch replaced, from left to right.
  func replacing(_ stretch: String, with other: String) -> ScalarText {
    let (stretch, other) = (ScalarText(text: stretch), ScalarText(text: other))
    var result = ScalarText()
    result.reserveCapacity(count)
    var place = 0
    while place < count {
      if self[place] == stretch[0], self[place...].starts(with: stretch) {
        result += other
        place += stretch.count
      } else {
        result.append(self[place])
        place += 1
      }
    }
    return result
  }
}
