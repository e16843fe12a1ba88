// SPDX-License-Identifier: Apache-2.0

extension EmbeddingWorker {
  /// Words that are worked on together, at least, in the deterministic mode.
  static let itemSize = 8

  /// A block in parts of whole lines, each with how many numbers of the block stand before it.
  func items(_ block: Range<Int>) -> [(numbers: Range<Int>, before: Int)] {
    var items: [(numbers: Range<Int>, before: Int)] = []
    var start = block.lowerBound
    var place = start
    let isPaired = isPaired(at: place)
    while place < block.upperBound {
      if isPaired { skipPair(&place) } else { skipLine(&place) }
      guard place - start >= Self.itemSize || place == block.upperBound else { continue }
      items.append((start..<place, start - block.lowerBound))
      start = place
    }
    return items
  }

  private func skipLine(_ place: inout Int) {
    while numbers.start[place] >= 0 { place += 1 }
    place += 1
  }

  private func skipPair(_ place: inout Int) {
    skipLine(&place)
    skipLine(&place)
    place += 1 + 2 * Int(max(numbers.start[place], 0))
  }

  /// Learns from a line of one language.
  func learnLine(_ place: inout Int) {
    line.removeAll()
    var number: Int32
    repeat {
      number = numbers.start[place]
      place += 1
      guard number != TrainingText.bareEnd else { break }
      let word = number < 0 ? ~number : number
      guard !isPassedOver(word) else { continue }
      line.append(maybeReplaced(word))
    } while number >= 0
    for centre in 0..<line.count { learn(line, centre) }
  }

  /// Takes the step of a word and those around it.
  func learn(_ words: GrowingBuffer<Int32>, _ centre: Int) {
    startStep(words, centre)
    endStep(words, centre)
  }

  /// Finds what a word's step tells; with CBOW the step is taken.
  func startStep(_ words: GrowingBuffer<Int32>, _ centre: Int) {
    let reach = 1 + generator.index(below: descent.arguments.windowSize)
    let window = max(0, centre - reach)..<min(words.count, centre + reach + 1)
    answers.removeAll()
    guard descent.arguments.task == .cbow else {
      for place in window where place != centre { answers.append(words.start[place]) }
      return
    }
    rows.removeAll()
    for place in window where place != centre {
      rows.append(contentsOf: vocabulary.rows(of: words.start[place]))
    }
    answers.append(words.start[centre])
    step(UnsafeBufferPointer(rows.elements))
  }

  /// Takes the step that was found.
  func endStep(_ words: GrowingBuffer<Int32>, _ centre: Int) {
    guard descent.arguments.task == .skipgram else { return }
    step(vocabulary.rows(of: words.start[centre]))
  }
}

extension EmbeddingWorker {
  @inline(__always) func isPassedOver(_ word: Int32) -> Bool {
    let discard = vocabulary.discards.withUnsafeBufferPointer { $0[Int(word)] }
    guard discard > 0 else { return false }
    return Float(generator.next() >> 40) * 0x1p-24 < discard
  }

  /// The word, or one that means the same by the dictionary.
  @inline(__always) func maybeReplaced(_ word: Int32) -> Int32 {
    guard vocabulary.hasReplacements else { return word }
    let draw = Double(generator.next() >> 11) * 0x1p-53
    return draw < descent.trainer.replacementRate
      ? vocabulary.replacement(of: word, &generator) : word
  }
}
