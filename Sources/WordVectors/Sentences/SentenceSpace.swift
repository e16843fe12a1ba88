// SPDX-License-Identifier: Apache-2.0

/// Sentence vectors of many languages in one space, from the vectors of their words.
///
/// A sentence is the mean of its words' vectors, in which common words count little, without what all sentences of the
/// language have in common, at length 1 (SIF; Arora, Liang and Ma 2017).
///
/// A word without a vector in its language gets one from its n-grams, where the language has some; else the one that another
/// language has for it, as names and loans have; else it is left out.
///
/// Words are numbers between text and vector: those of the first language's table come first, then the next one's; then
/// ``unknown``, which stands before the n-grams of a word that no table has; then the buckets of n-grams. A number of any
/// language stands for its word in all of them.
public struct SentenceSpace: Sendable {
  /// The languages, in the order in which they are asked for a word.
  public let languages: [SentenceLanguage]
  /// The weight's parameter, a; 0.001 is usual.
  public let smoothing: Double
  private let starts: [Int]
  private let shape: SubwordTable.Shape?

  /// A space of languages.
  ///
  /// - Throws: `WordVectorError.Code.argument` where there is none, where two have one name, or where vectors or n-grams do not
  ///   fit together.
  public init(
    _ languages: [SentenceLanguage], smoothing: Double = 0.001
  ) throws(WordVectorError) {
    guard let first = languages.first else {
      throw WordVectorError(.argument, "there are no vectors", expected: "at least one language")
    }
    for (index, language) in languages.enumerated() {
      guard language.words.dimension == first.words.dimension else {
        throw WordVectorError(
          .argument,
          "the vectors of '\(language.name)' are not of the same space as '\(first.name)'",
          expected: "\(first.words.dimension) numbers", found: "\(language.words.dimension)",
          hint: "bring them into one space first")
      }
      guard !languages[..<index].contains(where: { $0.name == language.name }) else {
        throw WordVectorError(
          .argument, "the language '\(language.name)' is there twice",
          expected: "one table for each")
      }
    }
    let shapes = languages.compactMap(\.subwords?.shape)
    guard shapes.allSatisfy({ $0 == shapes[0] }) else {
      throw WordVectorError(
        .argument, "the models have n-grams of different kinds",
        expected: "the same minn, maxn and bucket in all of them",
        hint: "train them with the same settings, or give tables of words (.vec)")
    }
    guard smoothing > 0, smoothing.isFinite else {
      throw WordVectorError(
        .argument, "the weight's parameter is out of its range", expected: "above 0",
        found: "\(smoothing)")
    }
    self.languages = languages
    self.smoothing = smoothing
    shape = shapes.first
    var starts = [0]
    for language in languages { starts.append(starts[starts.count - 1] + language.words.count) }
    guard starts[starts.count - 1] + (shape?.buckets ?? 0) < Int(Int32.max) else {
      throw WordVectorError(
        .argument, "there are more words than numbers", expected: "at most \(Int32.max)",
        hint: "read fewer words of each file")
    }
    self.starts = starts
  }

  /// Numbers in a vector.
  public var dimension: Int { languages[0].words.dimension }
  /// The number that stands for a word that no table has.
  public var unknown: Int32 { Int32(starts[starts.count - 1]) }
  /// How many numbers there are.
  public var numberCount: Int { Int(unknown) + 1 + (shape?.buckets ?? 0) }

  /// The place of a language; nil where the space does not have it.
  public func index(of language: String) -> Int? {
    languages.firstIndex { $0.name == language }
  }

  /// Appends the numbers of a word.
  public func append(_ word: UnsafeBufferPointer<UInt8>, to numbers: inout [Int32]) {
    for (index, language) in languages.enumerated() {
      if let row = language.words.words.index(ofBytes: word) {
        return numbers.append(Int32(starts[index] + row))
      }
    }
    numbers.append(unknown)
    // Languages may know different n-grams of one word; each is there once for all.
    guard shape != nil else { return }
    var buckets: [Int32] = []
    var lists: [[Int32]] = []
    for (index, language) in languages.enumerated() {
      guard let subwords = language.subwords,
        index == 0
          || subwords.vectors.elements.baseAddress
            != languages[index - 1].subwords?.vectors.elements.baseAddress
      else { continue }
      var list: [Int32] = []
      subwords.append(bucketsOf: word, to: &list)
      lists.append(list)
    }
    buckets = lists.max { $0.count < $1.count } ?? []
    let first = unknown + 1
    numbers += buckets.map { first + $0 }
  }

  /// The language in whose text these words are likeliest; the first of equals, nil where no language has any of them.
  public func language(of numbers: [Int32]) -> Int? {
    var scores = [Double](repeating: 0, count: languages.count)
    var isKnown = false
    for number in numbers where number >= 0 && number < unknown {
      isKnown = true
      for index in languages.indices {
        scores[index] += languages[index].logLikelihood(row(of: number, in: index))
      }
    }
    guard isKnown else { return nil }
    return scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
  }

  /// The weighted mean of words, and how many of them had a vector.
  public func mean(_ numbers: [Int32], language: Int) -> (vector: [Float], covered: Int) {
    let own = languages[language]
    var sum = [Float](repeating: 0, count: dimension)
    var covered = 0
    var place = 0
    while place < numbers.count {
      let number = numbers[place]
      place += 1
      if number >= 0, number < unknown {
        if let row = row(of: number, in: language) {
          add(own.words.vectors[row], own.weight(row, smoothing), &sum)
          covered += 1
        } else if addSubwords(of: number, own, &sum) || addBorrowed(number, &sum) {
          covered += 1
        }
      } else {
        // A run of n-grams, with what marks the word's beginning or, where a text was cut, without.
        var buckets: [Int32] = []
        if number > unknown { buckets.append(number - unknown - 1) }
        while place < numbers.count, numbers[place] > unknown {
          buckets.append(numbers[place] - unknown - 1)
          place += 1
        }
        if add(buckets, own.subwords, &sum) { covered += 1 }
      }
    }
    guard covered > 0 else { return (sum, 0) }
    let scale = 1 / Float(covered)
    for column in sum.indices { sum[column] *= scale }
    return (sum, covered)
  }

  /// A sentence's vector, of length 1; zeros where none of its words has a vector.
  public func vector(_ numbers: [Int32], language: Int) -> [Float] {
    var (vector, covered) = mean(numbers, language: language)
    guard covered > 0 else { return vector }
    if let component = languages[language].component {
      var product: Float = 0
      for column in vector.indices { product += vector[column] * component[column] }
      for column in vector.indices { vector[column] -= product * component[column] }
    }
    var length: Float = 0
    for number in vector { length += number * number }
    length.formSquareRoot()
    guard length > 1e-12 else { return [Float](repeating: 0, count: dimension) }
    for column in vector.indices { vector[column] /= length }
    return vector
  }

  // MARK: Words

  /// A word's row in a language; nil where that does not have it.
  private func row(of number: Int32, in language: Int) -> Int? {
    let number = Int(number)
    if number >= starts[language], number < starts[language + 1] {
      return number - starts[language]
    }
    return languages[language].words.words.index(ofBytes: bytes(of: number))
  }

  private func bytes(of number: Int) -> UnsafeBufferPointer<UInt8> {
    let (owner, row) = place(of: number)
    return languages[owner].words.words.bytes(row)
  }

  private func place(of number: Int) -> (language: Int, row: Int) {
    var (low, high) = (0, languages.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= number { low = middle } else { high = middle - 1 }
    }
    return (low, number - starts[low])
  }

  @inline(__always) private func add(
    _ vector: UnsafeBufferPointer<Float>, _ weight: Float, _ sum: inout [Float]
  ) {
    for column in sum.indices { sum[column] += weight * vector[column] }
  }

  private func addSubwords(
    of number: Int32, _ language: SentenceLanguage, _ sum: inout [Float]
  ) -> Bool {
    guard let subwords = language.subwords else { return false }
    var buckets: [Int32] = []
    subwords.append(bucketsOf: bytes(of: Int(number)), to: &buckets)
    return add(buckets, subwords, &sum)
  }

  /// The mean of n-grams' vectors, with the weight of a word that never came.
  private func add(_ buckets: [Int32], _ subwords: SubwordTable?, _ sum: inout [Float]) -> Bool {
    guard let subwords else { return false }
    let vectors = buckets.compactMap { subwords.vector(ofBucket: $0) }
    guard !vectors.isEmpty else { return false }
    let weight = 1 / Float(vectors.count)
    for vector in vectors { add(vector, weight, &sum) }
    return true
  }

  private func addBorrowed(_ number: Int32, _ sum: inout [Float]) -> Bool {
    let (owner, row) = place(of: Int(number))
    let language = languages[owner]
    add(language.words.vectors[row], language.weight(row, smoothing), &sum)
    return true
  }
}
