// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Corpora

@Suite("Code-switching by dictionaries")
struct CodeSwitcherTests {
  private func dictionary(
    _ pairs: [(String, String)], _ language: String = "deu_Latn"
  ) throws -> PhraseDictionary {
    PhraseDictionary(
      pairs.map { (phrase: $0.0, translation: $0.1) }, into: try LanguageTag(language))
  }

  @Test("what is known is replaced, the rest stays to the letter")
  func replaces() throws {
    let switcher = CodeSwitcher(try dictionary([("house", "Haus"), ("red", "rot")]))
    let switched = switcher("The  red house (No. 7), isn't it?")
    #expect(switched.text == "The  rot Haus (No. 7), isn't it?")
    #expect(switched.words == 6 && switched.known == 2 && switched.replaced == 2)
    #expect(switcher("nothing here").replaced == 0)
    #expect(switcher("").text == "")
  }

  @Test("the longest phrase is replaced as one, whatever space is in it")
  func phrases() throws {
    let switcher = CodeSwitcher(
      try dictionary([("fire", "Feuer"), ("fire brigade", "Feuerwehr"), ("well-known", "bekannt")]))
    #expect(switcher("call the fire\n brigade").text == "call the Feuerwehr")
    #expect(switcher("fire, brigade").text == "Feuer, brigade")
    #expect(switcher("a well-known man").text == "a bekannt man")
  }

  @Test("case and composition make no difference; a capital stays one")
  func folds() throws {
    let switcher = CodeSwitcher(try dictionary([("Cafe\u{301}", "kaffihús"), ("i", "ég")], "isl"))
    #expect(switcher("Caf\u{e9} caf\u{e9}").text == "Kaffihús kaffihús")
    #expect(switcher("so I am").text == "so ég am")
    #expect(switcher("I am").text == "Ég am")
    let french = CodeSwitcher(try dictionary([("don't", "pas")], "fra"))
    #expect(french("don\u{2019}t").text == "pas")
  }

  @Test("an inflected form is taken for its entry, unless exact ones are asked for")
  func inflects() throws {
    let entries = try dictionary([
      ("library", "Bibliothek"), ("make", "machen"), ("dog", "Hund"), ("stat", "x"),
      ("make", "tun"),
      ("mako", "Hai"),
    ])
    let switcher = CodeSwitcher(entries)
    #expect(switcher("libraries").text == "Bibliothek")
    #expect(switcher("dogs").text == "Hund")
    #expect(["machen", "tun"].contains(switcher("making").text))
    #expect(switcher("Steve do").text == "Steve do")
    var settings = CodeSwitcher.Settings()
    settings.isInflected = false
    #expect(CodeSwitcher(entries, settings)("dogs dog").text == "dogs Hund")
  }

  @Test("translations in another script than the tag's are left out")
  func scripts() throws {
    let pairs = [("house", "kuća"), ("house", "кућа"), ("dog", "пас"), ("7up", "7")]
    let cyrillic = try dictionary(pairs, "srp_Cyrl")
    #expect(cyrillic.otherScripts == 1)
    #expect(CodeSwitcher(cyrillic)("house dog").text == "кућа пас")
    let latin = try dictionary(pairs, "srp_Latn")
    #expect(latin.otherScripts == 2)
    #expect(CodeSwitcher(latin)("house dog").text == "kuća dog")
    #expect(try dictionary(pairs, "sr").otherScripts == 1)
    #expect(try dictionary([("dog", "犬"), ("and", "と")], "jpn_Jpan").otherScripts == 0)
  }

  @Test("words of scripts without spaces stand beside each other, and are found in running text")
  func unspaced() throws {
    let switcher = CodeSwitcher(
      try dictionary([("red", "红"), ("house", "房子"), ("big", "大")], "zho_Hans"))
    #expect(switcher("a big red house, red").text == "a 大红房子, 红")
    let back = CodeSwitcher(try dictionary([("房子", "house"), ("红", "red ")], "eng"))
    #expect(back("红房子。").text == "red house。")
  }

  @Test("a share of the words is replaced, and draws follow from seed, language, text and copy")
  func draws() throws {
    let entries = try dictionary([("a", "x"), ("b", "y"), ("b", "z"), ("b", "v"), ("b", "never")])
    var settings = CodeSwitcher.Settings()
    settings.rate = 0.3
    let text = Array(repeating: "a b", count: 1000).joined(separator: " ")
    let switcher = CodeSwitcher(entries, settings)
    let switched = switcher(text)
    #expect(switched.known == 2000 && (520...680).contains(switched.replaced))
    #expect(!switched.text.contains("never"))
    for translation in ["y", "z", "v"] { #expect(switched.text.contains(translation)) }
    #expect(CodeSwitcher(entries, settings)(text) == switched)
    #expect(switcher(text, copy: 1).text != switched.text)
    settings.seed = 2
    #expect(CodeSwitcher(entries, settings)(text).text != switched.text)
    settings.choices = 1
    #expect(!CodeSwitcher(entries, settings)(text).text.contains("z"))
  }

  @Test("a sample keeps its order, and each language has its own")
  func samples() throws {
    let german = CodeSwitcher(try dictionary([("a", "x")]))
    let sample = german.sample(Array(0..<100), limit: 10)
    #expect(sample.count == 10 && sample == sample.sorted())
    #expect(german.sample(Array(0..<100), limit: 10) == sample)
    let danish = CodeSwitcher(try dictionary([("a", "x")], "dan_Latn"))
    #expect(danish.sample(Array(0..<100), limit: 10) != sample)
    #expect(german.sample([1, 2], limit: 0) == [1, 2])
    #expect(german.sample([1, 2], limit: 5) == [1, 2])
  }
}
