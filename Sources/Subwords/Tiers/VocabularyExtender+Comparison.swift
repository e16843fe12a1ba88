// SPDX-License-Identifier: Apache-2.0

extension VocabularyExtender {
  /// How two vocabularies, the second of which goes on where the first ends, cut the words of a text.
  struct Comparison {
    /// Words that are cut otherwise by the second, with their counts; the most frequent first.
    private(set) var changed: [(word: String, count: Int64)] = []
    /// The pieces of the second alone that stand in such words.
    private(set) var newPieces: Set<String> = []
    private(set) var tokens: (before: Int64, after: Int64) = (0, 0)
    private(set) var unknown: (before: Int64, after: Int64) = (0, 0)

    init(
      _ base: UnigramPieces, _ extended: UnigramPieces, _ text: TrainingText
    ) throws(SubwordError) {
      let (first, second) = (try base.model(), try extended.model())
      var scratch = Unigram.Scratch()
      for language in text.languages.indices {
        try text.forEachWord(of: language) { (word, count) throws(SubwordError) in
          var (before, after) = (IDSink(), IDSink())
          first.cut(word, 0..<word.count, &scratch, into: &before)
          second.cut(word, 0..<word.count, &scratch, into: &after)
          tokens.before += Int64(before.ids.count) * count
          tokens.after += Int64(after.ids.count) * count
          unknown.before += Int64(before.ids.count { $0 == first.unknownID }) * count
          unknown.after += Int64(after.ids.count { $0 == second.unknownID }) * count
          guard before.ids != after.ids else { return }
          changed.append((String(decoding: word, as: UTF8.self), count))
          for id in after.ids where Int(id) >= base.pieces.count {
            newPieces.insert(extended.pieces[Int(id)])
          }
        }
      }
      changed.sort {
        $0.count != $1.count
          ? $0.count > $1.count : $0.word.utf8.lexicographicallyPrecedes($1.word.utf8)
      }
    }
  }
}
