// SPDX-License-Identifier: Apache-2.0

extension CharacterMap {
  /// What rules say about a scalar, as bits.
  enum ScalarClass {
    /// A rule whose source is this scalar alone.
    static let changes: UInt8 = 1
    /// A rule begins with it and goes on.
    static let begins: UInt8 = 2
    /// It is the second scalar of a rule.
    static let follows: UInt8 = 4
    /// The mark of a space, or white space: it needs a closer look though no rule is about it.
    static let isSpace: UInt8 = 8
  }

  /// The class of each scalar of the basic plane; empty if rules are too many or too odd (sources that
  /// are no whole scalars) to tell.
  static func classes(of trie: DoubleArray) -> [UInt8] {
    var classes = [UInt8](repeating: 0, count: 0x10000)
    for code in UInt32(0)..<0x10000 where code == 0x2581 || UTF8Scalar.isWhitespace(code) {
      if code != 0x20 { classes[Int(code)] = ScalarClass.isSpace }
    }
    guard trie.units.count > 0 else { return classes }
    return trie.units.withUnsafeBufferPointer { units in
      var walk = ScalarWalk(units: units)
      for first in walk.children(of: trie.root) {
        var bits: UInt8 = first.value >= 0 ? ScalarClass.changes : 0
        for second in walk.children(of: first.state) {
          bits |= ScalarClass.begins
          if second.scalar < 0x10000 { classes[Int(second.scalar)] |= ScalarClass.follows }
        }
        if first.scalar < 0x10000 { classes[Int(first.scalar)] |= bits }
      }
      return walk.isRegular && walk.budget > 0 ? classes : []
    }
  }

  /// Goes through a trie that may be hostile scalar by scalar, in a bounded number of steps.
  private struct ScalarWalk {
    let units: UnsafeBufferPointer<UInt32>
    var budget = 1 << 23
    /// Whether all keys are whole scalars.
    var isRegular = true

    struct Child {
      var scalar: UInt32
      var state: DoubleArray.State
      var value: Int32
    }

    /// The scalars by which keys go on from `state`.
    mutating func children(of state: DoubleArray.State) -> [Child] {
      var found = [Child]()
      for byte in UInt8(1)...255 {
        guard let (next, value) = step(state, byte) else { continue }
        let length = UTF8Scalar.length(leading: byte)
        if byte < 0x80 {
          found.append(Child(scalar: UInt32(byte), state: next, value: value))
        } else if byte < 0xC2 || byte > 0xF4 || value >= 0 {
          isRegular = false
        } else {
          collect(next, length - 1, UInt32(byte) & (0x7F >> UInt32(length)), &found)
        }
      }
      return found
    }

    private mutating func collect(
      _ state: DoubleArray.State, _ rest: Int, _ start: UInt32, _ found: inout [Child]
    ) {
      for byte in UInt8(0x80)...0xBF {
        guard let (next, value) = step(state, byte) else { continue }
        let scalar = start << 6 | UInt32(byte & 0x3F)
        if rest == 1 {
          found.append(Child(scalar: scalar, state: next, value: value))
        } else if value >= 0 {
          isRegular = false
        } else {
          collect(next, rest - 1, scalar, &found)
        }
      }
    }

    private mutating func step(
      _ state: DoubleArray.State, _ byte: UInt8
    ) -> (DoubleArray.State, Int32)? {
      budget -= 1
      guard budget > 0 else { return nil }
      var next = state
      return DoubleArray.step(units, &next, byte).map { (next, $0) }
    }
  }

  /// Whether a right side has U+2581.
  var makesMarks: Bool {
    replacements.indices.contains {
      $0 + 3 <= replacements.count && replacements[$0..<$0 + 3].elementsEqual([0xE2, 0x96, 0x81])
    }
  }

  /// Where the stretch of scalars from `start` on ends that no rule touches; spaces and scalars beyond
  /// the basic plane end it too.
  ///
  /// - Parameter stops: bytes that end the stretch in any case.
  @inline(__always)
  func plainEnd(
    _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ stops: UnsafePointer<Bool>?
  ) -> Int {
    guard let classes = classes.elements.baseAddress, self.classes.count > 0 else { return start }
    var index = start
    var previous = start
    var begins = false
    while index < end {
      let byte = text[index]
      if byte == 0x20 || stops?[Int(byte)] == true { break }
      var length = 1
      var scalar = Int(byte)
      if byte >= 0x80 {
        if byte < 0xE0 {
          length = 2
          scalar = Int(byte & 0x1F) << 6 | Int(text[index &+ 1] & 0x3F)
        } else if byte < 0xF0 {
          length = 3
          scalar =
            Int(byte & 0x0F) << 12 | Int(text[index &+ 1] & 0x3F) << 6
            | Int(text[index &+ 2] & 0x3F)
        } else {
          break
        }
      }
      let bits = classes[scalar]
      if bits != 0 {
        // What this scalar joins belongs to a rule together with it.
        if begins, bits & ScalarClass.follows != 0 { return previous }
        if bits & (ScalarClass.changes | ScalarClass.isSpace) != 0 { return index }
      }
      begins = bits & ScalarClass.begins != 0
      previous = index
      index &+= length
    }
    // Beyond the end there may be the second scalar of a rule.
    return begins && index < end ? previous : index
  }
}
