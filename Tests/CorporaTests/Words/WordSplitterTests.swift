// SPDX-License-Identifier: Apache-2.0

import Corpora
import Testing

@Suite struct WordSplitterTests {
  @Test(
    "words are runs of letters, marks and digits, folded",
    arguments: [
      ("Play your OGG-files, v2.0!", "play your ogg files v2 0"),
      ("STRASSE Straße", "strasse strasse"),
      ("l'éditeur", "l éditeur"),
      ("Каталог данных", "каталог данных"),
      ("한국어 글꼴", "한국어 글꼴"),
      ("  \t ", ""),
      ("हिन्दी में", "हिन्दी में"),
    ])
  func spaced(text: String, line: String) {
    #expect(Array(WordSplitter.line(text).utf8) == Array(line.utf8))
  }

  @Test(
    "scripts without spaces give overlapping pairs of letters",
    arguments: [
      ("编辑器", "编辑 辑器"),
      ("字", "字"),
      ("GTKで字を書く", "gtk で字 字を を書 書く"),
      ("サーバー", "サー ーバ バー"),
      ("表3枚", "表 3 枚"),
      ("กข", "กข"),
    ])
  func unspaced(text: String, line: String) {
    #expect(WordSplitter.line(text) == line)
  }

  @Test("a space of no width parts words, a joiner does not")
  func format() {
    #expect(WordSplitter.words(of: "ក\u{200B}ខ") == ["ក", "ខ"])
    #expect(WordSplitter.words(of: "ab\u{200D}cd") == ["abcd"])
  }

  @Test("composed and decomposed letters are one")
  func composes() {
    let words = ["caf\u{e9}", "cafe\u{301}"].map {
      WordSplitter.words(of: $0).map { Array($0.utf8) }
    }
    #expect(words[0] == words[1])
  }

  @Test("the line is the words with a space between")
  func agree() {
    let text = "Ein Text, 日本語 and ไทย: mixed."
    #expect(WordSplitter.line(text) == WordSplitter.words(of: text).joined(separator: " "))
  }
}
