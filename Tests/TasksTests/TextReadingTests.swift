// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import TestWorld
import Testing

@testable import Tasks

@Suite("How text is put to an encoder")
struct TextReadingTests {
  @Test("a gloss stands behind the text, in Latin letters both where the language is written so")
  func reads() throws {
    let world = try TinyWorld()
    try world.write("sun\tсол\nsea\tмар\n", "dd.txt")
    let file = world.folder.appendingPathComponent("dd.txt")
    let english = try LanguageTag("en")
    let gloss = TextReading(romanized: [], dictionaries: ["dd": file], source: english)
    #expect(try gloss("сол ба", language: "dd") == "сол ба sun ба")
    #expect(try gloss("ба", language: "dd") == "ба")
    #expect(try gloss("сол", language: "ee") == "сол")
    #expect(try gloss("сол", language: nil) == "сол")
    let both = TextReading(romanized: ["dd", "ff"], dictionaries: ["dd": file], source: english)
    #expect(try both(["сол ба"], language: "dd") == ["sol ba sun ba"])
    #expect(try both("мар", language: "ff") == "mar")
    // Of text that was switched by the dictionary, as many words are glossed as are drawn.
    var none = CodeSwitcher.Settings()
    none.rate = 1e-12
    #expect(try gloss("сол ба", language: "dd", drawing: none) == "сол ба")
    #expect(!both.isPlain && TextReading.plain.isPlain)
    #expect(try TextReading.plain(["сол"], language: "dd") == ["сол"])
  }
}
