// SPDX-License-Identifier: Apache-2.0

/// Reads regular expressions in the syntax of tokenizer.json, which is Oniguruma's for Ruby:
/// `^` and `$` are ends of lines, `(?m)` lets the dot match line feeds, classes may be nested and
/// intersected, and `\d \s \w` and `[[:...:]]` follow Unicode.
///
/// Back-references, conditionals, `\K`, `\X` and calls of groups are refused; nothing that tokenizers
/// are known to use needs them.
struct PatternParser {
  struct Flags {
    var ignoresCase = false
    var dotMatchesAll = false
    var isExtended = false
  }

  let scalars: [Unicode.Scalar]
  var position = 0
  var flags = Flags()
  private var depth = 0

  static func parse(_ text: String) throws(SubwordError) -> PatternNode {
    var parser = PatternParser(scalars: Array(text.unicodeScalars))
    let node = try parser.alternatives()
    guard parser.position == parser.scalars.count else { throw parser.failure("unmatched “)”") }
    return node
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  func failure(_ found: String) -> SubwordError {
    SubwordError(
      .unsupported,
      "expected a regular expression of the supported syntax, found \(found) at scalar \(position) "
        + "of “\(String(String.UnicodeScalarView(scalars)))”")
  }

  var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  func looks(at text: String) -> Bool { scalars[position...].starts(with: text.unicodeScalars) }

  mutating func take(_ text: String) -> Bool {
    guard looks(at: text) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  private mutating func alternatives() throws(SubwordError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 100 else { throw failure("more than 100 nested groups") }
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .alternatives(parts)
  }

  private mutating func sequence() throws(SubwordError) -> PatternNode {
    var parts = [PatternNode]()
    while let scalar = next, scalar != "|", scalar != ")" {
      if flags.isExtended, skipIgnored() { continue }
      // Flags in the middle hold to the end of the group, alternatives included.
      if let rest = try flagsForRest() {
        parts.append(rest)
        continue
      }
      parts.append(try quantified(try atom()))
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  private mutating func skipIgnored() -> Bool {
    guard let scalar = next else { return false }
    if scalar == "#" {
      while let scalar = next, scalar != "\n" { position += 1 }
      return true
    }
    guard scalar.properties.isWhitespace else { return false }
    position += 1
    return true
  }

  private mutating func flagsForRest() throws(SubwordError) -> PatternNode? {
    guard looks(at: "(?") else { return nil }
    let start = position
    let outer = flags
    position += 2
    guard readFlags(), take(")") else {
      position = start
      flags = outer
      return nil
    }
    let rest = try alternatives()
    flags = outer
    return rest
  }

  private mutating func readFlags() -> Bool {
    var value = true
    let start = position
    while let scalar = next {
      switch scalar {
      case "i": flags.ignoresCase = value
      case "m": flags.dotMatchesAll = value
      case "x": flags.isExtended = value
      case "-": value = false
      default: return position > start
      }
      position += 1
    }
    return false
  }

  private mutating func atom() throws(SubwordError) -> PatternNode {
    guard let scalar = next else { throw failure("the end") }
    switch scalar {
    case "(": return try group()
    case "[": return .set(folded(try characterClass()))
    case ".":
      position += 1
      return .set(flags.dotMatchesAll ? .all : ScalarSet("\n").complement)
    case "^":
      position += 1
      return .place(.lineStart)
    case "$":
      position += 1
      return .place(.lineEnd)
    case "\\": return try escape()
    case "*", "+", "?": throw failure("a quantifier with nothing before it")
    default:
      position += 1
      return .set(folded(ScalarSet(scalar)))
    }
  }

  private mutating func group() throws(SubwordError) -> PatternNode {
    let outer = flags
    defer { flags = outer }
    position += 1
    guard take("?") else { return try closed(try alternatives()) }
    if take(":") { return try closed(try alternatives()) }
    if take("=") { return .ahead(try closed(try alternatives()), isNegative: false) }
    if take("!") { return .ahead(try closed(try alternatives()), isNegative: true) }
    if take(">") { return .atomic(try closed(try alternatives())) }
    if take("<=") { return try behind(isNegative: false) }
    if take("<!") { return try behind(isNegative: true) }
    if take("#") {
      while let scalar = next, scalar != ")" { position += scalar == "\\" ? 2 : 1 }
      position = min(position, scalars.count)
      return try closed(.empty)
    }
    if looks(at: "<") || looks(at: "'") {
      let end: Unicode.Scalar = next == "<" ? ">" : "'"
      position += 1
      while let scalar = next, scalar != end { position += 1 }
      position = min(position + 1, scalars.count)
      return try closed(try alternatives())
    }
    guard readFlags(), take(":") else { throw failure("an unknown kind of group") }
    return try closed(try alternatives())
  }

  private mutating func closed(_ node: PatternNode) throws(SubwordError) -> PatternNode {
    guard take(")") else { throw failure("a group that does not end") }
    return node
  }

  private mutating func behind(isNegative: Bool) throws(SubwordError) -> PatternNode {
    let body = try closed(try alternatives())
    let parts = if case .alternatives(let parts) = body { parts } else { [body] }
    guard parts.allSatisfy({ $0.width != nil }) else {
      throw failure("a look-behind of varying length")
    }
    return .behind(body, isNegative: isNegative)
  }

  private mutating func quantified(_ atom: PatternNode) throws(SubwordError) -> PatternNode {
    var node = atom
    while let (least, most, isInterval) = try quantifier() {
      var greed = PatternNode.Greed.greedy
      if take("?") {
        greed = .lazy
      } else if !isInterval, take("+") {
        greed = .possessive
      }
      if node.isNullable, most == nil {
        throw failure("an endless repetition of what may be empty")
      }
      node = .repeated(node, least: least, most: most, greed)
    }
    return node
  }

  private mutating func quantifier() throws(SubwordError) -> (Int, Int?, Bool)? {
    if flags.isExtended { while skipIgnored() {} }
    if take("*") { return (0, nil, false) }
    if take("+") { return (1, nil, false) }
    if take("?") { return (0, 1, false) }
    guard next == "{" else { return nil }
    let start = position
    position += 1
    let least = number()
    var most = least
    if take(",") { most = number() } else if least == nil { most = nil }
    let hasComma = position > 0 && scalars[start..<position].contains(",")
    guard take("}"), least != nil || (hasComma && most != nil) else {
      // Braces that are no interval stand for themselves.
      position = start
      return nil
    }
    guard (least ?? 0) <= 1000, (most ?? 0) <= 1000, most.map({ $0 >= (least ?? 0) }) ?? true else {
      throw failure("an interval beyond 1000 or in the wrong order")
    }
    return (least ?? 0, most, true)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = next?.value, 0x30...0x39 ~= digit {
      value = min((value ?? 0) * 10 + Int(digit - 0x30), 1_000_000)
      position += 1
    }
    return value
  }

  /// With `(?i)`, the set and what differs from it only by case.
  func folded(_ set: ScalarSet) -> ScalarSet {
    guard flags.ignoresCase else { return set }
    return CaseVariants.closure(of: set)
  }
}
