// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The rules of ``NMTNormalization`` as plain tables: there are more than 200,000 of them.
struct SpellingRules {
  /// What is looked for, in ascending order.
  private(set) var sources: [ScalarSpelling] = []
  /// The target of each source, by its place in ``targets``.
  private(set) var numbers: [Int32] = []
  /// What sources become.
  private(set) var targets: [[Unicode.Scalar]] = []

  /// A composed character that is spelled in parts.
  private struct Sequence {
    var source: ScalarSpelling
    var target: Unicode.Scalar
  }

  /// Rules for single scalars, and for each way to spell a composed character in parts.
  ///
  /// Characters with more than six parts are left to the rules for the parts; Unicode has none that rules of
  /// normalisation leave in one.
  init(singles: [CharacterMap.Rule]) {
    var replacements = [Unicode.Scalar: [Unicode.Scalar]]()
    for rule in singles { if let scalar = rule.source.first { replacements[scalar] = rule.target } }
    let sequences = Self.withoutRedundant(Self.sequences(replacements), replacements)
    let ordered = replacements.sorted { $0.key < $1.key }
    targets = ordered.map(\.value)
    var known = [Unicode.Scalar: Int32]()
    var next = 0
    for (number, single) in ordered.enumerated() {
      let source = ScalarSpelling(CollectionOfOne(single.key))
      while next < sequences.count, sequences[next].source < source {
        append(sequences[next], &known)
        next += 1
      }
      sources.append(source)
      numbers.append(Int32(number))
    }
    for sequence in sequences[next...] { append(sequence, &known) }
  }

  private mutating func append(_ sequence: Sequence, _ known: inout [Unicode.Scalar: Int32]) {
    sources.append(sequence.source)
    let number = known[sequence.target] ?? Int32(targets.count)
    if number == targets.count {
      known[sequence.target] = number
      targets.append([sequence.target])
    }
    numbers.append(number)
  }

  /// All spellings of composed characters in ascending order, each once.
  private static func sequences(_ replacements: [Unicode.Scalar: [Unicode.Scalar]]) -> [Sequence] {
    let newest = replacements.keys.compactMap(\.properties.age).max(by: <) ?? (0, 0)
    // For each scalar the others that decompose into just it.
    var spellings = [Unicode.Scalar: [Unicode.Scalar]]()
    var composed = [(scalar: Unicode.Scalar, parts: [Unicode.Scalar])]()
    for scalar in NMTNormalization.assignedScalars(upTo: newest) {
      // Ideographs are half of all and fall apart into nothing.
      guard !scalar.properties.isUnifiedIdeograph || replacements[scalar] != nil else { continue }
      let parts = Array(String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars)
      if parts.count != 1 {
        composed.append((scalar, parts))
      } else if parts[0] != scalar, replacements[scalar] != nil {
        spellings[parts[0], default: []].append(scalar)
      }
    }
    var sequences = [Sequence]()
    for (scalar, parts) in composed where parts.count <= ScalarSpelling.capacity {
      let target = replacements[scalar] ?? [scalar]
      // Only what ends as one scalar: ligatures fall apart, nothing composes into them.
      guard target.count == 1 else { continue }
      var sources = [ScalarSpelling()]
      for (index, part) in parts.enumerated() {
        let choices = [part] + (spellings[part] ?? [])
        sources = sources.flatMap { head in
          choices.map { choice in
            var source = head
            source.set(choice, at: index)
            return source
          }
        }
      }
      for source in sources { sequences.append(Sequence(source: source, target: target[0])) }
    }
    return ordered(sequences)
  }

  /// Of those with one source the last one counts.
  private static func ordered(_ sequences: [Sequence]) -> [Sequence] {
    let order = sequences.indices.sorted {
      let (left, right) = (sequences[$0].source, sequences[$1].source)
      return left != right ? left < right : $0 < $1
    }
    var result = [Sequence]()
    for index in order {
      if result.last?.source == sequences[index].source { result.removeLast() }
      result.append(sequences[index])
    }
    return result
  }

  /// Leaves out each sequence that shorter rules already bring to its target.
  ///
  /// They take two steps at least, and what they end in is one scalar only where a step leaves nothing behind.
  private static func withoutRedundant(
    _ sequences: [Sequence], _ replacements: [Unicode.Scalar: [Unicode.Scalar]]
  ) -> [Sequence] {
    let erased = Set(replacements.filter(\.value.isEmpty).keys)
    guard !erased.isEmpty else { return sequences }
    var kept = [ScalarSpelling: Unicode.Scalar]()
    var doubtful = [(length: Int, index: Int)]()
    for (index, sequence) in sequences.enumerated() {
      let scalars = sequence.source.scalars
      if scalars.contains(where: erased.contains) { doubtful.append((scalars.count, index)) }
    }
    guard !doubtful.isEmpty else { return sequences }
    var isKept = [Bool](repeating: true, count: sequences.count)
    for (_, index) in doubtful { isKept[index] = false }
    for (index, sequence) in sequences.enumerated() where isKept[index] {
      kept[sequence.source] = sequence.target
    }
    // All of one length are judged by the shorter ones only.
    for (length, index) in doubtful.sorted(by: { $0 < $1 }) {
      let sequence = sequences[index]
      let result = normalize(sequence.source.scalars, longest: length - 1) { source in
        source.count == 1
          ? replacements[source[source.startIndex]] : kept[ScalarSpelling(source)].map { [$0] }
      }
      isKept[index] = result != [sequence.target]
      if isKept[index] { kept[sequence.source] = sequence.target }
    }
    return sequences.indices.filter { isKept[$0] }.map { sequences[$0] }
  }

  private static func normalize(
    _ source: [Unicode.Scalar], longest: Int,
    _ rule: (ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar]?
  ) -> [Unicode.Scalar] {
    var result = [Unicode.Scalar]()
    var index = 0
    while index < source.count {
      var length = min(longest, source.count - index)
      while length > 0 {
        if let target = rule(source[index..<index + length]) {
          result += target
          break
        }
        length -= 1
      }
      if length == 0 { result.append(source[index]) }
      index += max(1, length)
    }
    return result
  }
}

extension CharacterMap {
  /// Rules for single scalars, and those that follow from them.
  init(spellings singles: [Rule]) throws(SubwordError) {
    let rules = SpellingRules(singles: singles)
    var (sources, targets) = (ByteList(), ByteList())
    for source in rules.sources { sources.append(source.scalars) }
    for target in rules.targets { targets.append(target) }
    try self.init(sources: sources, targets: targets, numbers: rules.numbers)
  }
}
