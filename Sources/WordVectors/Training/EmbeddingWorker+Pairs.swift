// SPDX-License-Identifier: Apache-2.0

/// A line of a pair while it is learnt from.
final class PairedLine {
  /// The words that were not passed over.
  let words = GrowingBuffer<Int32>()
  /// For each word of the text its place among ``words`` or, where it is not there, the complement of where it would be.
  let places = GrowingBuffer<Int32>()
  /// For each word of the text its first link, and for each link the next of the same word; -1 where there is none.
  let firstLinks = GrowingBuffer<Int32>()
  let nextLinks = GrowingBuffer<Int32>()
  /// For each link, the word of the other line.
  let linked = GrowingBuffer<Int32>()

  func removeAll() {
    for buffer in [words, places, firstLinks, nextLinks, linked] { buffer.removeAll() }
  }

  func prepareLinks() { for _ in 0..<places.count { firstLinks.append(-1) } }

  func addLink(_ word: Int32, _ partner: Int32) {
    nextLinks.append(firstLinks.start[Int(word)])
    firstLinks.start[Int(word)] = Int32(linked.count)
    linked.append(partner)
  }
}

extension EmbeddingWorker {
  /// Learns from a line and the line of another language that says the same.
  func learnPair(_ place: inout Int) {
    let (left, right) = pair
    read(left, &place)
    read(right, &place)
    let count = numbers.start[place]
    place += 1
    if count >= 0 {
      left.prepareLinks()
      right.prepareLinks()
      for _ in 0..<count {
        let (first, second) = (numbers.start[place], numbers.start[place + 1])
        left.addLink(first, second)
        right.addLink(second, first)
        place += 2
      }
    }
    learn(left, right, hasLinks: count >= 0)
    learn(right, left, hasLinks: count >= 0)
  }

  private func read(_ side: PairedLine, _ place: inout Int) {
    side.removeAll()
    while true {
      let number = numbers.start[place]
      place += 1
      guard number >= 0 else {
        if number != TrainingText.bareEnd, !isPassedOver(~number) { side.words.append(~number) }
        return
      }
      if number == TrainingText.unknown || isPassedOver(number) {
        side.places.append(~Int32(side.words.count))
      } else {
        side.places.append(Int32(side.words.count))
        side.words.append(maybeReplaced(number))
      }
    }
  }

  private func learn(_ side: PairedLine, _ other: PairedLine, hasLinks: Bool) {
    for index in 0..<side.places.count {
      let centre = Int(side.places.start[index])
      guard centre >= 0 else { continue }
      startStep(side.words, centre)
      if hasLinks {
        var link = side.firstLinks.start[index]
        while link >= 0 {
          cross(
            side.words.start[centre], other,
            Int(other.places.start[Int(side.linked.start[Int(link)])]))
          link = side.nextLinks.start[Int(link)]
        }
      } else if other.places.count > 0 {
        let partner =
          descent.trainer.alignment == .diagonal
          ? index * other.places.count / side.places.count
          : generator.index(below: other.places.count)
        cross(side.words.start[centre], other, Int(other.places.start[partner]))
      }
      endStep(side.words, centre)
    }
    // `</s>` stands for no word of the other line.
    if let last = side.places.elements.last, Int(last < 0 ? ~last : last + 1) < side.words.count {
      learn(side.words, side.words.count - 1)
    }
  }

  /// Lets a word tell those around its partner in the other line; with CBOW the other way round.
  private func cross(_ word: Int32, _ other: PairedLine, _ place: Int) {
    let reach = 1 + generator.index(below: descent.arguments.windowSize)
    let window =
      place >= 0
      ? max(0, place - reach)..<min(other.words.count, place + reach + 1)
      : max(0, ~place - reach)..<min(other.words.count, ~place + reach)
    guard descent.arguments.task == .cbow else {
      for index in window where index != place { answers.append(other.words.start[index]) }
      return
    }
    rows.removeAll()
    for index in window where index != place {
      rows.append(contentsOf: vocabulary.rows(of: other.words.start[index]))
    }
    answers.removeAll()
    answers.append(word)
    step(UnsafeBufferPointer(rows.elements))
  }
}
