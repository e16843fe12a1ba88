// SPDX-License-Identifier: Apache-2.0

extension PatternParser {
  /// An escape outside of a class.
  mutating func escape() throws(SubwordError) -> PatternNode {
    guard position + 1 < scalars.count else { throw failure("a “\\” at the end") }
    let places: [Unicode.Scalar: PatternNode.Place] = [
      "A": .textStart, "z": .textEnd, "Z": .textEndOrLastNewline, "b": .wordBoundary,
      "B": .noWordBoundary, "G": .searchStart,
    ]
    let scalar = scalars[position + 1]
    if let place = places[scalar] {
      position += 2
      return .place(place)
    }
    switch scalar {
    case "R":
      position += 2
      let single = ScalarSet([0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])
      return .atomic(
        .alternatives([.sequence([.set(ScalarSet("\r")), .set(ScalarSet("\n"))]), .set(single)]))
    case "K", "X", "k", "g", "y", "Y", "N", "O", "1", "2", "3", "4", "5", "6", "7", "8", "9":
      throw failure("“\\\(scalar)”")
    default: return .set(folded(try escapedSet()))
    }
  }

  /// What an escape stands for, inside a class or outside.
  private mutating func escapedSet() throws(SubwordError) -> ScalarSet {
    position += 1
    guard let scalar = next else { throw failure("a “\\” at the end") }
    position += 1
    switch scalar {
    case "d": return UnicodeProperties.digits
    case "D": return UnicodeProperties.digits.complement
    case "s": return UnicodeProperties.whitespace
    case "S": return UnicodeProperties.whitespace.complement
    case "w": return UnicodeProperties.word
    case "W": return UnicodeProperties.word.complement
    case "h": return ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
    case "H": return ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66]).complement
    case "p": return try property(isNegative: false)
    case "P": return try property(isNegative: true)
    case "t": return ScalarSet("\t")
    case "n": return ScalarSet("\n")
    case "r": return ScalarSet("\r")
    case "f": return ScalarSet("\u{0C}")
    case "v": return ScalarSet("\u{0B}")
    case "a": return ScalarSet("\u{07}")
    case "e": return ScalarSet("\u{1B}")
    case "0": return ScalarSet([0...0])
    case "x":
      if take("{") {
        let code = try hexadecimal(upTo: 8)
        guard take("}") else { throw failure("a “\\x{” that does not end") }
        return try single(code)
      }
      return try single(try hexadecimal(upTo: 2))
    case "u": return try single(try hexadecimal(upTo: 4))
    case _ where scalar.properties.isAlphabetic && scalar.isASCII:
      throw failure("“\\\(scalar)”")
    default: return ScalarSet(scalar)
    }
  }

  private func single(_ code: UInt32) throws(SubwordError) -> ScalarSet {
    guard let scalar = Unicode.Scalar(code) else { throw failure("no Unicode scalar") }
    return ScalarSet(scalar)
  }

  private mutating func hexadecimal(upTo count: Int) throws(SubwordError) -> UInt32 {
    var value: UInt32 = 0
    let start = position
    while position - start < count, let scalar = next, scalar.isASCII,
      let digit = UInt32(String(scalar), radix: 16)
    {
      value = value << 4 | digit
      position += 1
    }
    guard position > start else { throw failure("no hexadecimal digits") }
    return value
  }

  private mutating func property(isNegative: Bool) throws(SubwordError) -> ScalarSet {
    guard take("{") else {
      guard let letter = next, let set = UnicodeProperties.named(String(letter)) else {
        throw failure("an unknown property")
      }
      position += 1
      return isNegative ? set.complement : set
    }
    let negates = take("^")
    let start = position
    while let scalar = next, scalar != "}" { position += 1 }
    let name = String(String.UnicodeScalarView(scalars[start..<position]))
    guard take("}"), let set = UnicodeProperties.named(name) else {
      throw failure("an unknown property “\(name)”")
    }
    return isNegative != negates ? set.complement : set
  }

  /// A class in brackets.
  mutating func characterClass(depth: Int = 0) throws(SubwordError) -> ScalarSet {
    guard depth <= 20 else { throw failure("more than 20 nested classes") }
    position += 1
    let isNegative = take("^")
    var result: ScalarSet?
    var current = ScalarSet()
    var isFirst = true
    while true {
      guard let scalar = next else { throw failure("a class that does not end") }
      if scalar == "]", !isFirst {
        position += 1
        break
      }
      isFirst = false
      if take("&&") {
        result = result.map { $0.intersection(current) } ?? current
        current = ScalarSet()
        continue
      }
      if looks(at: "[:"), let set = posixClass() {
        current = current.union(set)
        continue
      }
      if scalar == "[" {
        current = current.union(try characterClass(depth: depth + 1))
        continue
      }
      current = current.union(try range())
    }
    let set = result.map { $0.intersection(current) } ?? current
    guard isNegative else { return set }
    // The case is ignored before a class is negated, not after.
    return folded(set).complement
  }

  private mutating func posixClass() -> ScalarSet? {
    let start = position
    position += 2
    let isNegative = take("^")
    var name = ""
    while let scalar = next, scalar.isASCII, scalar.properties.isAlphabetic {
      name.unicodeScalars.append(scalar)
      position += 1
    }
    guard take(":]"), let set = UnicodeProperties.named(name) else {
      position = start
      return nil
    }
    return isNegative ? set.complement : set
  }

  /// One member of a class, or two with a hyphen between them.
  private mutating func range() throws(SubwordError) -> ScalarSet {
    let first = try member()
    guard looks(at: "-"), position + 1 < scalars.count, scalars[position + 1] != "]",
      let low = first.ranges.first, first.ranges.count == 1, low.count == 1
    else { return first }
    let start = position
    position += 1
    guard next != "[" else {
      position = start
      return first
    }
    let last = try member()
    guard let high = last.ranges.first, last.ranges.count == 1, high.count == 1 else {
      return first.union(ScalarSet("-")).union(last)
    }
    guard low.lowerBound <= high.lowerBound else { throw failure("a range in the wrong order") }
    return ScalarSet([low.lowerBound...high.lowerBound])
  }

  private mutating func member() throws(SubwordError) -> ScalarSet {
    guard let scalar = next else { throw failure("a class that does not end") }
    guard scalar == "\\" else {
      position += 1
      return ScalarSet(scalar)
    }
    if position + 1 < scalars.count, scalars[position + 1] == "b" {
      position += 2
      return ScalarSet("\u{08}")
    }
    return try escapedSet()
  }
}
