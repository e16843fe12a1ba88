// SPDX-License-Identifier: Apache-2.0

/// How often rows of each language are gone through: as they are, or evened out by a temperature.
///
/// With a temperature T a language with n rows has a share of an epoch in proportion to n^(1/T), the exponent of XLM-R (Conneau and others,
/// 2020), whose alpha of 0.3 is a T of 3.3. An epoch has as many rows as there are, so that rows of languages with much text stand back
/// for others' that are seen more than once. Rows without a language count as those of one more.
public struct LanguageSampling: Sendable {
  /// The languages, in the order in which rows name them first.
  public let names: [String]
  /// How many rows each language has.
  public let counts: [Int]
  /// Each row's language, by number.
  private let languages: [Int]
  private let shares: PairSampling?

  /// A sampling of rows.
  ///
  /// - Parameters:
  ///   - languages: each row's language.
  ///   - temperature: the temperature, at least 1; 1, the default, takes rows as they are.
  public init(_ languages: [String], temperature: Double = 1) {
    var numbers: [String: Int] = [:]
    var names: [String] = []
    var counts: [Int] = []
    self.languages = languages.map { name in
      let number = numbers[name] ?? names.count
      if number == names.count {
        numbers[name] = number
        names.append(name)
        counts.append(0)
      }
      counts[number] += 1
      return number
    }
    (self.names, self.counts) = (names, counts)
    shares = temperature == 1 || names.count < 2 ? nil : PairSampling(exponent: 1 / temperature)
  }

  /// Refuses a temperature that cannot be, or that has no languages to even out.
  static func validate(temperature: Double, _ rows: LanguageRows) throws(TrainingError) {
    guard temperature >= 1, temperature.isFinite else {
      throw TrainingError(.plan, "'temperature' must be at least 1, found \(temperature)")
    }
    guard temperature == 1 || Set(rows.languages).count > 1 else {
      throw TrainingError(
        .plan,
        "'temperature' evens out languages, and all text is of one, or of none that is named; name the languages of files, or "
          + "leave it out")
    }
  }

  /// How many rows of each language an epoch has.
  public var drawnCounts: [Int] { shares?.shares(counts) ?? counts }

  /// How many steps an epoch has.
  func batchCount(size: Int) -> Int {
    shares?.batchCount(counts, size: size) ?? (languages.count + size - 1) / size
  }

  /// The rows of each step of an epoch, in an order that follows from the seed.
  func batches(size: Int, seed: UInt64) -> [[Int]] {
    if let shares { return shares.batches(languages, counts, size: size, seed: seed) }
    var shuffler = Shuffler(seed: seed)
    return shuffler.batches(languages.count, size: size)
  }
}
