// SPDX-License-Identifier: Apache-2.0

/// A sentence of a CoNLL-U file, as Universal Dependencies has it (universaldependencies.org/format.html).
public struct ConlluSentence: Sendable, Hashable {
  /// A word, or an empty node.
  public struct Word: Sendable, Hashable {
    /// "8", or "8.1" for an empty node.
    public var id: String
    /// The word itself.
    public var form: String
    /// Its lemma; "_" where there is none, as in all columns that follow.
    public var lemma: String
    /// The universal part of speech.
    public var upos: String
    /// The language's own part of speech.
    public var xpos: String
    /// Morphological features.
    public var features: String
    /// The id of the word that it depends on, "0" for the root.
    public var head: String
    /// Its relation to that word.
    public var relation: String
    /// Enhanced dependencies.
    public var dependencies: String
    /// Anything else.
    public var miscellaneous: String
  }

  /// A token that stands for several words, as "zum" for "zu dem".
  public struct MultiwordToken: Sendable, Hashable {
    /// The words, from 0.
    public var words: Range<Int>
    /// What stands in the text.
    public var form: String
    /// Anything else, as "SpaceAfter=No".
    public var miscellaneous: String
  }

  /// The comments, without their signs, as "sent_id = s1".
  public var comments: [String]
  /// The words that count.
  public var words: [Word]
  /// Tokens of several words.
  public var multiwordTokens: [MultiwordToken]
  /// Nodes that stand for words left out, and no words themselves.
  public var emptyNodes: [Word]
  /// The line of its first word or comment, from 1.
  public var line: Int

  /// The value of a comment "key = value"; nil where there is none.
  public func comment(_ key: String) -> String? {
    for comment in comments {
      let parts = comment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, parts[0].trimmingSpaces == key { return parts[1].trimmingSpaces }
    }
    return nil
  }

  /// What stands in the text, token by token: multiword tokens in place of their words.
  public var tokens: [String] {
    var result: [String] = []
    var index = 0
    while index < words.count {
      if let token = multiwordTokens.first(where: { $0.words.lowerBound == index }) {
        result.append(token.form)
        index = token.words.upperBound
      } else {
        result.append(words[index].form)
        index += 1
      }
    }
    return result
  }
}

/// A column of a CoNLL-U file that can be a word's tag.
public enum ConlluColumn: String, Sendable, CaseIterable {
  /// The universal part of speech.
  case upos
  /// The language's own part of speech.
  case xpos
  /// Morphological features.
  case features = "feats"
  /// The relation to the word's head.
  case relation = "deprel"

  /// A word's tag.
  public func tag(of word: ConlluSentence.Word) -> String {
    switch self {
    case .upos: word.upos
    case .xpos: word.xpos
    case .features: word.features
    case .relation: word.relation
    }
  }
}
