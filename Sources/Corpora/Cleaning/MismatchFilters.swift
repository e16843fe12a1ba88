// SPDX-License-Identifier: Apache-2.0

/// Takes out pairs whose numbers are not the same.
///
/// Digits of every script are the same; what groups them (a comma, a stop, a thin space before three digits)
/// is left out. One-digit numbers, which many languages write as words, do not count.
public struct NumbersFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "numbers", "pairs whose numbers of two and more digits differ", comparesPairs: true,
    [
      .init("min-common", 0.5, "least share of numbers in common (Dice)"),
      .init("min-numbers", 3, "numbers in both together from which a pair is judged"),
    ])

  private let common: Double
  private let count: Int

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    common = values["min-common"]
    count = Int(values["min-numbers"])
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    guard candidate.texts.count == 2,
      candidate.profiles[0].digits + candidate.profiles[1].digits > 1
    else { return nil }
    let (source, target) = (Self.numbers(candidate.texts[0]), Self.numbers(candidate.texts[1]))
    guard source.count + target.count >= count else { return nil }
    var rest = target
    var shared = 0
    for number in source {
      guard let index = rest.firstIndex(of: number) else { continue }
      rest.remove(at: index)
      shared += 1
    }
    let share = 2 * Double(shared) / Double(source.count + target.count)
    guard share < common else { return nil }
    func list(_ numbers: [[UInt8]]) -> String {
      numbers.isEmpty
        ? "none"
        : numbers.prefix(5).map { String(decoding: $0.prefix(20), as: UTF8.self) }
          .joined(separator: " ")
    }
    return "numbers \(list(source)) and \(list(target))"
  }

  /// The numbers of two and more digits, as ASCII; at most 200.
  static func numbers(_ text: [UInt8]) -> [[UInt8]] {
    var numbers: [[UInt8]] = []
    var current: [UInt8] = []
    var gap = 0  // separators since the last digit
    text.withUnsafeBufferPointer { text in
      var index = 0
      while index < text.count, numbers.count < 200 {
        let value = decodeScalar(text, at: &index)
        if let digit = digit(value) {
          current.append(digit)
          gap = 0
        } else if !current.isEmpty, gap == 0, isSeparator(value) {
          gap = 1
        } else if !current.isEmpty {
          if current.count > 1 { numbers.append(current) }
          current = []
          gap = 0
        }
      }
    }
    if current.count > 1 { numbers.append(current) }
    return numbers
  }

  private static func digit(_ value: UInt32) -> UInt8? {
    if value < 0x80 { return 0x30...0x39 ~= value ? UInt8(value) : nil }
    guard ScalarTraits[value].kind == .digit,
      let number = Unicode.Scalar(value)?.properties.numericValue
    else { return nil }
    return 0x30 + UInt8(number)
  }

  private static func isSeparator(_ value: UInt32) -> Bool {
    switch value {
    case 0x2c, 0x2e, 0x27, 0x2019, 0xa0, 0x202f, 0x2009, 0x66b, 0x66c, 0xff0c, 0xff0e: true
    default: false
    }
  }
}

/// Takes out pairs of which one is a question and the other is none, or whose punctuation is far apart.
public struct PunctuationFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "punctuation", "a question beside a statement, or far more signs on one side",
    comparesPairs: true,
    [
      .init("max-difference", 12, "signs that one text may have more"),
      .init("max-ratio", 4, "how many times more it may have beyond that"),
      .init("questions", 1, "1 to compare questions, 0 not to"),
    ])

  private let difference: Double
  private let ratio: Double
  private let comparesQuestions: Bool

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    difference = values["max-difference"]
    ratio = values["max-ratio"]
    comparesQuestions = values["questions"] != 0
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    guard candidate.texts.count == 2 else { return nil }
    let (source, target) = (candidate.profiles[0], candidate.profiles[1])
    let (fewer, more) = (
      Double(min(source.punctuation, target.punctuation)),
      Double(max(source.punctuation, target.punctuation))
    )
    if more - fewer > difference, more > ratio * max(1, fewer) {
      return "\(source.punctuation) and \(target.punctuation) signs of punctuation"
    }
    guard comparesQuestions else { return nil }
    // Only where both end in a sign, since many languages mark questions by words, or not at all.
    let (asks, answers) = (Ending(source.ending), Ending(target.ending))
    if asks == .question && answers == .statement || asks == .statement && answers == .question {
      return "only one text is a question"
    }
    return nil
  }

  private enum Ending {
    case question
    case statement
    case other

    init(_ value: UInt32) {
      switch value {
      case 0x3f, 0x61f, 0xff1f, 0x37e, 0x55e, 0x2047, 0x2048, 0x2049, 0x1367, 0xa60f, 0x2cfa,
        0x2cfb, 0x1945:
        self = .question
      // Not the full stop of Chinese and Japanese, where questions may end in it.
      case 0x2e, 0x964, 0x6d4, 0x589: self = .statement
      default: self = .other
      }
    }
  }
}
