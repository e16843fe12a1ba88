// SPDX-License-Identifier: Apache-2.0

/// Puts words of another language in the place of those that a dictionary knows, and leaves what is around them as it is.
///
/// Labels and the source's vector stay true of what comes of it, so that labelled text of one language becomes text to learn from in any language that
/// has a dictionary (code-switching: Qin and others, CoSDA-ML, 2020; word-by-word translation where all is replaced that can be).
///
/// The longest phrase that has an entry is replaced as one. The order of words stays that of the source. A text's draws follow from the seed, the
/// language, the text and the number of the copy, whatever else is switched.
public struct CodeSwitcher: Sendable {
  /// How much is replaced, and by what.
  public struct Settings: Sendable, Codable, Equatable {
    /// The share of known words and phrases that are replaced; 1.
    public var rate = 1.0
    /// How many of an entry's first translations are drawn from; 3.
    public var choices = 3
    /// Whether inflected forms are taken for their entry; true.
    public var isInflected = true
    /// Seeds all draws; 1.
    public var seed: UInt64 = 1

    /// The usual settings.
    public init() {}
  }

  /// A text in which words were replaced.
  public struct Switched: Sendable, Equatable {
    /// The text.
    public var text: String
    /// Words of the source.
    public var words: Int
    /// Those of them that the dictionary knows.
    public var known: Int
    /// Those of them that were replaced.
    public var replaced: Int
  }

  /// What words are.
  public let dictionary: PhraseDictionary
  /// How much is replaced, and by what.
  public let settings: Settings

  /// A switcher by a dictionary.
  public init(_ dictionary: PhraseDictionary, _ settings: Settings = Settings()) {
    self.dictionary = dictionary
    self.settings = settings
  }

  /// Replaces words of a text.
  ///
  /// - Parameters:
  ///   - text: a text in the language of the dictionary's entries.
  ///   - copy: which of several drawings of the same text this is.
  public func callAsFunction(_ text: String, copy: Int = 0) -> Switched {
    let running = RunningText(text)
    var generator = StableGenerator(
      seed: stableHash(
        String(settings.seed), dictionary.language.description, text, String(copy)))
    var writing = Writing(text)
    var result = Switched(text: "", words: running.words.count, known: 0, replaced: 0)
    var word = 0
    while word < running.words.count {
      guard let (translations, count) = longest(at: word, in: running) else {
        word += 1
        continue
      }
      result.known += count
      if Double.random(in: 0..<1, using: &generator) < settings.rate {
        result.replaced += count
        let span = running.words[word].lowerBound..<running.words[word + count - 1].upperBound
        let choice = Int.random(
          in: 0..<min(max(1, settings.choices), translations.count), using: &generator)
        writing.replace(span, by: translations[choice])
      }
      word += count
    }
    result.text = writing.finished()
    return result
  }

  /// Some of many texts, drawn by the seed and the language, in their order; all of them where the limit is 0 or above their number.
  public func sample<Text>(_ texts: [Text], limit: Int) -> [Text] {
    guard limit > 0, limit < texts.count else { return texts }
    var generator = StableGenerator(
      seed: stableHash(String(settings.seed), dictionary.language.description))
    return texts.indices.shuffled(using: &generator).prefix(limit).sorted().map { texts[$0] }
  }

  /// The longest phrase that begins at a word and has translations, and how many words it has.
  private func longest(at word: Int, in running: RunningText) -> ([String], Int)? {
    let first = PhraseDictionary.folded(String(running.text[running.words[word]]))
    let most = min(dictionary.longest(from: first), running.words.count - word)
    for count in stride(from: most, to: 0, by: -1) {
      let span = running.words[word].lowerBound..<running.words[word + count - 1].upperBound
      let phrase = PhraseDictionary.folded(String(running.text[span]))
      let found = dictionary[phrase]
      if !found.isEmpty { return (found, count) }
    }
    guard settings.isInflected else { return nil }
    let found = dictionary.translationsOfStem(of: first)
    return found.isEmpty ? nil : (found, 1)
  }

  /// A text that is being written anew.
  private struct Writing {
    private let source: String
    private var result = ""
    /// Up to where the source was written.
    private var place: String.Index
    /// Whether what was written last stands for words of the source.
    private var endsInTranslation = false

    init(_ source: String) {
      self.source = source
      place = source.startIndex
    }

    mutating func replace(_ span: Range<String.Index>, by translation: String) {
      let gap = source[place..<span.lowerBound]
      // Words of scripts without spaces stand beside each other.
      let isJoined =
        endsInTranslation && gap.allSatisfy(\.isWhitespace)
        && RunningText.isUnspaced(result.unicodeScalars.last)
        && RunningText.isUnspaced(translation.unicodeScalars.first)
      if !isJoined { append(gap) }
      // A capital by itself is a word such as 'I', and says nothing of the one that takes its place.
      let isCapital =
        source[span.lowerBound].isUppercase
        && (span.lowerBound == source.startIndex
          || source.index(after: span.lowerBound) < span.upperBound)
      append(
        isCapital ? translation.prefix(1).uppercased() + translation.dropFirst() : translation[...])
      place = span.upperBound
      endsInTranslation = true
    }

    consuming func finished() -> String {
      append(source[place...])
      return result
    }

    /// Adds text, after a space where one word with spaces around it would run into another.
    private mutating func append(_ text: Substring) {
      if let last = result.unicodeScalars.last, let first = text.unicodeScalars.first,
        last.properties.isAlphabetic, first.properties.isAlphabetic,
        !(RunningText.isUnspaced(last) && RunningText.isUnspaced(first))
      {
        result += " "
      }
      result += text
    }
  }
}
