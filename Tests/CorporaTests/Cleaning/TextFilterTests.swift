// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Corpora

@Suite("TextFilter")
struct TextFilterTests {
  /// The name of the first filter that objects, all as they are unless set.
  private func objection(
    _ texts: [String], _ languages: [String] = [], settings: [String] = []
  ) throws -> String? {
    let filters = try TextFilters.make(
      isParallel: texts.count == 2, settings: settings.map { try TextFilters.Setting($0) })
    let candidate = FilterCandidate(texts, languages: try languages.map { try LanguageTag($0) })
    return filters.first { $0.reason(candidate) != nil }
      .map { type(of: $0).specification.name }
  }

  @Test(
    "keeps short and good sentences in any script",
    arguments: [
      ("en", "Yes."), ("en", "I'm 42."), ("en", "It is 25 °C today."), ("de", "Ja!"),
      ("zh", "我叫Jack。"), ("zh", "好。"), ("ja", "はい、そうです。"), ("th", "ฉันรักคุณ"),
      ("km", "ខ្ញុំស្រឡាញ់អ្នក"), ("my", "မင်္ဂလာပါ"), ("lo", "ສະບາຍດີ"), ("bo", "བཀྲ་ཤིས་བདེ་ལེགས།"),
      ("ko", "안녕하세요?"), ("ar", "نعم، شكرًا."), ("am", "ሰላም ነው።"), ("hi", "नमस्ते दुनिया।"),
      ("fr", "Elle dit : « C’est 5 < 7, non ? »"), ("en", "No, no, no! Ha ha ha!"),
      ("en", "Write to us & ask; R&D is on floor 3 (see page [4])."),
      ("en", "See https://example.org/a for what the two of them said about it."),
      ("pt", "NÃO É ASSIM, SÃO JOÃO!"), ("en", "The function f(x) grows."),
      ("en", "He opened the document. Then he left."),
    ])
  func short(_ language: String, _ text: String) throws {
    #expect(try objection([text], [language]) == nil)
  }

  @Test(
    "takes out what is no text in the language",
    arguments: [
      ("en", "", "length"), ("en", "   ", "length"),
      ("en", "a\u{fffd}b is broken", "encoding"), ("en", "bell \u{7} rings", "encoding"),
      ("de", "FÃ¼r die groÃŸe StraÃŸe", "encoding"), ("en", "itâ€™s a â€œtestâ€\u{9d}", "encoding"),
      ("ru", "ÐŸÑ\u{80}Ð¸Ð²Ðµ\u{81}", "encoding"),
      ("en", "Hello <b>world</b>", "markup"), ("en", "Tom &amp; Jerry", "markup"),
      ("en", "see [[Main Page]] here", "markup"), ("en", "{{citation needed}}", "markup"),
      ("en", "var a = document.getElementById(x);", "markup"),
      ("en", "https://example.org/a/b/c here", "url"),
      ("en", "mail someone@example.org", "url"),
      ("en", "Home | News | Sports | Weather | Contact", "boilerplate"),
      ("de", "© 2019 Beispiel GmbH, alle Rechte", "boilerplate"),
      ("en", "Please enable JavaScript to go on", "boilerplate"),
      ("en", "12 / 34 / 56 = 7.8 kg", "symbols"), ("en", "→ → ★ ★ ok", "symbols"),
      ("en", "nooooooooooooo way", "repetition"),
      ("en", "buy buy buy buy buy now", "repetition"),
      ("ru", "This is not Russian at all", "script"),
      ("zh", "이것은 중국어가 아니다", "script"), ("ja", "Это не по-японски", "script"),
      ("sr", "Ovo nije ćirilica", "script"),
    ])
  func bad(_ language: String, _ text: String, _ filter: String) throws {
    #expect(try objection([text], [language]) == filter)
  }

  @Test("takes out loops of a phrase, also in scripts without spaces")
  func loops() throws {
    let english = String(repeating: "buy this now and save ", count: 12)
    let chinese = String(repeating: "现在购买并节省更多", count: 12)
    let thai = String(repeating: "ซื้อเลยตอนนี้", count: 12)
    for text in [english, chinese, thai] { #expect(try objection([text]) == "repetition") }
  }

  @Test(
    "keeps pairs that are translations",
    arguments: [
      ("zh", "他在1998年出生于北京。", "en", "He was born in Beijing in 1998."),
      ("th", "ฉันรักคุณ", "en", "I love you."), ("ja", "何歳ですか。", "en", "How old are you?"),
      ("de", "Es kostet 1.234,50 Euro.", "en", "It costs 1,234.50 euros."),
      ("fa", "در سال ۱۹۹۴ بود و ۲۰۰۱.", "en", "It was in 1994 and 2001."),
      ("de", "Berlin", "en", "Berlin"), ("de", "Angela Merkel", "en", "Angela Merkel"),
      ("de", "Nein.", "en", "No, certainly not."), ("el", "Τι κάνεις;", "en", "How are you?"),
      ("de", "Wir haben drei Hunde.", "en", "We have 3 dogs."),
    ])
  func goodPairs(_ source: String, _ left: String, _ target: String, _ right: String) throws {
    #expect(try objection([left, right], [source, target]) == nil)
  }

  @Test(
    "takes out pairs that are none",
    arguments: [
      ("This is not translated at all.", "This is not translated at all.", "copy"),
      ("Hallo Welt.", "Hallo Welt.", "copy"),
      ("This was hardly translated at all.", "This was hardly translated, at all!", "copy"),
      ("Ja.", "It was a long way from there, and nobody knew why they had come so late.", "ratio"),
      ("Von 1998 bis 2004 in 12 Orten.", "From 1776 to 1812 it was at 44 places.", "numbers"),
      ("Kommst du heute mit?", "They went home early yesterday.", "punctuation"),
      (
        "So, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o.",
        "Das sind nur ein paar Buchstaben, und sonst nichts.", "punctuation"
      ),
    ])
  func badPairs(_ left: String, _ right: String, _ filter: String) throws {
    #expect(try objection([left, right]) == filter)
  }

  @Test("a numeral is the same in all digits, whatever groups it")
  func numbers() {
    func numbers(_ text: String) -> [String] {
      NumbersFilter.numbers(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(numbers("1,234.5 and 7 and १९९४, ۱۲٫۵") == ["12345", "1994", "125"])
    #expect(numbers("10 20, 30. 40") == ["10", "20", "30", "40"])
  }

  @Test("thresholds are set by name; unknown ones name the nearest")
  func settings() throws {
    #expect(try objection(["One two"], settings: ["length:min-words=3"]) == "length")
    #expect(try objection(["ฉันรักคุณ"], settings: ["length:min-words=3"]) == "length")
    #expect(try objection(["ฉันรักคุณมากที่สุดในโลก"], settings: ["length:min-words=3"]) == nil)
    #expect(try objection(["Tom &amp; Jerry"], settings: ["markup:max-marks=1"]) == nil)
    for (text, hint) in [
      ("lenght:min-words=3", "'length'"), ("length:min-wrds=3", "'min-words'"),
      ("length:min-words=x", "key=number"),
    ] {
      let error = #expect(throws: CorpusError.self) { try objection(["a"], settings: [text]) }
      #expect(error?.description.contains(hint) == true)
    }
  }

  @Test("words are counted where spaces do not part them")
  func words() {
    func words(_ text: String) -> Int { TextProfile(Array(text.utf8)).words }
    #expect(words("It's a well-known fact, isn't it?") == 6)
    #expect(words("") == 0)
    #expect(4...7 ~= words("我今天去学校看书"))
    #expect(2...4 ~= words("ฉันรักคุณมาก"))
    #expect(words("नमस्ते दुनिया") == 2)
  }

  /// Knows English by one word.
  private struct Standing: LanguageIdentifier {
    func languages(of text: String, limit: Int) -> [(language: LanguageTag, probability: Double)] {
      guard let english = try? LanguageTag("eng"), let german = try? LanguageTag("deu") else {
        return []
      }
      return text.contains("the") ? [(english, 0.95), (german, 0.02)] : [(german, 0.6)]
    }
  }

  @Test("another language is believed where a model is sure of it, and the text is long enough")
  func languages() throws {
    let filters = try TextFilters.make(
      isParallel: false, only: ["language"], identifier: Standing())
    func reason(_ text: String, _ language: String) throws -> String? {
      filters[0].reason(FilterCandidate([text], languages: [try LanguageTag(language)]))
    }
    #expect(filters.count == 1)
    #expect(try reason("All of the people went to the sea.", "de") == "eng (0.95), not de (0.02)")
    #expect(try reason("All of the people went to the sea.", "en") == nil)
    #expect(try reason("the sea", "de") == nil)
    #expect(try reason("Alle Leute fuhren an das Meer dort.", "en") == nil)
  }
}
