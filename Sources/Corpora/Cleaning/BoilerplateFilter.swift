// SPDX-License-Identifier: Apache-2.0

/// Takes out what pages are framed with: menus, notices, and lines that come again and again.
///
/// Menus and notices are known by their signs, which are much the same in all languages; lines that come
/// again are known by counting them all (``RepeatedLines``), so that the first few of each stay.
public struct BoilerplateFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "boilerplate", "menus, notices, and lines that come again and again",
    [
      .init("max-repeats", 10, "how often a text may come before it is taken for a frame"),
      .init("min-letters", 15, "letters, as Latin's, from which repeats count"),
      .init("max-separators", 4, "most signs that part the entries of a menu: | » › • ·"),
      .init("max-items", 0.5, "largest share of such signs to words"),
    ])

  let repeats: Int
  let letters: Double
  private let separators: Double
  private let items: Double

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    repeats = Int(values["max-repeats"])
    letters = values["min-letters"]
    separators = values["max-separators"]
    items = values["max-items"]
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    candidate.firstReason { index in
      let text = candidate.texts[index]
      let separators = Self.separators(in: text)
      let words = max(1, candidate.profiles[index].words)
      if separators > 1,
        Double(separators) > self.separators
          || Double(separators) / Double(words) > items
      {
        return "a menu of \(separators + 1) entries"
      }
      return Self.notice(in: text).map { "a notice: '\($0)'" }
    }
  }

  private static func separators(in text: [UInt8]) -> Int {
    text.withUnsafeBufferPointer { text in
      var count = 0
      var isOpen = false
      var index = 0
      while index < text.count {
        switch decodeScalar(text, at: &index) {
        case 0x7c, 0x203a, 0x2022: count += 1
        // A closing quote where one was opened parts nothing.
        case 0xab: isOpen = true
        case 0xbb: if isOpen { isOpen = false } else { count += 1 }
        default: break
        }
      }
      return count
    }
  }

  /// Words of pages that are the same in most languages, or are in most pages.
  private static let notices = [
    "javascript", "lorem ipsum", "all rights reserved", "cookie policy", "privacy policy",
    "terms of use", "terms of service", "terms and conditions", "powered by wordpress",
    "your browser does not support", "click here to", "skip to content", "skip to main content",
    "log in to your account", "404 not found", "copyright ©", "© 20", "© 19", "(c) 20",
    "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
    "tutti i diritti riservati", "todos os direitos reservados", "все права защищены",
    "tüm hakları saklıdır", "wszelkie prawa zastrzeżone", "版权所有", "all rights are reserved",
    "jquery", "rss feed",
  ].map { Array($0.utf8) }

  /// For each byte, the notices that begin with it.
  private static let byFirst: [[Int]] = {
    var table = [[Int]](repeating: [], count: 256)
    for (index, notice) in notices.enumerated() { table[Int(notice[0])].append(index) }
    return table
  }()

  /// The bytes that a notice begins with.
  private static let starts = byFirst.map { !$0.isEmpty }

  private static func notice(in text: [UInt8]) -> String? {
    // A sentence that is longer than notices are may well speak of such things.
    guard text.count < 400 else { return nil }
    let starts = starts
    for (index, byte) in text.enumerated() {
      let folded = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
      guard starts[Int(folded)] else { continue }
      for place in byFirst[Int(folded)] where matches(notices[place], text, at: index) {
        return String(decoding: notices[place], as: UTF8.self)
      }
    }
    return nil
  }

  private static func matches(_ notice: [UInt8], _ text: [UInt8], at index: Int) -> Bool {
    guard index + notice.count <= text.count else { return false }
    for offset in notice.indices {
      let byte = text[index + offset]
      let folded = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
      if folded != notice[offset] { return false }
    }
    return true
  }
}

/// Counts how often texts have come, in 16 MB however many there are.
///
/// A count-min sketch (Cormode and Muthukrishnan 2005) with conservative update: a count is never too low,
/// and too high by more than N/1,000,000 of N texts with a probability below 2 %.
struct RepeatedLines {
  private static let width = 1 << 20
  private static let depth = 4
  private var counts = [UInt32](repeating: 0, count: width * depth)

  /// Counts a text and says how often it has come, this time included.
  mutating func count(_ hash: UInt64) -> Int {
    var places: [Int] = []
    for row in 0..<Self.depth {
      let place = mix(hash, UInt64(row)) & UInt64(Self.width - 1)
      places.append(row * Self.width + Int(place))
    }
    let least = places.map { counts[$0] }.min() ?? 0
    for place in places where counts[place] == least { counts[place] += 1 }
    return Int(least) + 1
  }
}
