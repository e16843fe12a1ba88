// SPDX-License-Identifier: Apache-2.0

extension CharacterMap {
  /// One rule: a sequence of scalars and what it becomes.
  public struct Rule: Sendable, Equatable, Hashable {
    /// What is looked for; not empty, without U+0000.
    public var source: [Unicode.Scalar]
    /// What stands there afterwards; may be empty, without U+0000.
    public var target: [Unicode.Scalar]

    /// Makes a rule.
    public init(_ source: [Unicode.Scalar], _ target: [Unicode.Scalar]) {
      self.source = source
      self.target = target
    }
  }

  /// Compiles rules into the blob that SentencePiece and tokenizer.json share.
  ///
  /// The same rules in any order give the same bytes.
  ///
  /// Throws if a source is empty, comes twice, or holds U+0000.
  public init(rules: [Rule]) throws(SubwordError) {
    guard !rules.isEmpty else {
      // SentencePiece reads no charsmap with a trie and nothing behind it.
      try self.init(blob: [])
      return
    }
    let entries = rules.map { (source: Self.utf8($0.source), target: Self.utf8($0.target)) }
      .sorted { $0.source.lexicographicallyPrecedes($1.source) }
    for (rule, next) in zip(entries, entries.dropFirst()) where rule.source == next.source {
      throw SubwordError(
        .invalidArgument,
        "expected each source once, found “"
          + String(decoding: rule.source, as: UTF8.self) + "” twice")
    }
    if entries.contains(where: { $0.source.isEmpty || ($0.source + $0.target).contains(0) }) {
      throw SubwordError(.invalidArgument, "expected rules without U+0000 and with a source")
    }
    try self.init(
      sources: ByteList(entries.map(\.source)), targets: ByteList(entries.map(\.target)),
      numbers: entries.indices.map { Int32($0) })
  }

  /// Compiles rules.
  ///
  /// - Parameters:
  ///   - sources: what is looked for, in the order of the bytes, each once, neither empty nor with U+0000.
  ///   - targets: what they become.
  ///   - numbers: the target of each source by its place in `targets`.
  init(sources: ByteList, targets: ByteList, numbers: [Int32]) throws(SubwordError) {
    var order = Array(targets.indices)
    order.sort { targets[$0].lexicographicallyPrecedes(targets[$1]) }
    var sides = [UInt8]()
    var positions = [Int32](repeating: 0, count: targets.count)
    for (rank, index) in order.enumerated() {
      if rank > 0, targets[index] == targets[order[rank - 1]] {
        positions[index] = positions[order[rank - 1]]
        continue
      }
      positions[index] = Int32(sides.count)
      sides += targets[index]
      sides.append(0)
    }
    let values = numbers.map { positions[Int($0)] }
    let trie = try SharedTrie.build(keys: sources, values: values)
    var blob = [UInt8]()
    blob.reserveCapacity(4 + trie.units.count * 4 + sides.count)
    for word in [UInt32(trie.units.count * 4)] + trie.units.elements {
      for shift in [0, 8, 16, 24] as [UInt32] { blob.append(UInt8(word >> shift & 0xFF)) }
    }
    try self.init(blob: blob + sides)
  }

  private static func utf8(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    scalars.flatMap { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
  }

  /// The rules, in the byte order of their sources.
  ///
  /// A file's trie may be hostile: sources are followed to at most 64 bytes, and at most four
  /// million steps are taken, eight times what the largest rule set of the field needs.
  public var rules: [Rule] {
    var rules = [Rule]()
    var budget = 1 << 22
    trie.units.withUnsafeBufferPointer { units in
      guard !units.isEmpty else { return }
      var open: [(state: DoubleArray.State, key: [UInt8])] = [(trie.root, [])]
      while let (state, key) = open.popLast() {
        for byte in (UInt8(1)...255).reversed() where key.count < 64 && budget > 0 {
          var next = state
          guard let value = DoubleArray.step(units, &next, byte) else { continue }
          budget -= 1
          open.append((next, key + [byte]))
          guard value >= 0, let source = String(validating: key + [byte], as: UTF8.self) else {
            continue
          }
          let target = String(decoding: replacements[replacement(at: value)], as: UTF8.self)
          rules.append(Rule(Array(source.unicodeScalars), Array(target.unicodeScalars)))
        }
      }
    }
    return rules.sorted { Self.utf8($0.source).lexicographicallyPrecedes(Self.utf8($1.source)) }
  }
}
