// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WordVectors

@testable import Corpora

@Suite struct FastTextIdentifierTests {
  @Test("a language comes with its script, named as FLORES names it")
  func names() throws {
    let identifier = try TinyIdentifier.make()
    #expect(identifier.identify("the bird sings").name == "eng_Latn")
    #expect(identifier.identify("der Vogel singt").name == "deu_Latn")
    #expect(identifier.identify("птица поёт утром").name == "rus_Cyrl")
    #expect(identifier.identify("птах співає").name == "ukr_Cyrl")
    let found = identifier.languages(of: "the bird sings", limit: 2)
    let english = try LanguageTag("en")
    #expect(found.count == 2 && found[0].language == english)
    #expect(found[0].probability >= found[1].probability)
  }

  @Test("raw probabilities are the model's own, calibrated ones add up to 1")
  func raw() throws {
    var identifier = try TinyIdentifier.make()
    identifier.calibration = .standard
    let text = "der bird walk"
    #expect(
      abs(identifier.identify(text, limit: 5).candidates.reduce(0) { $0 + $1.probability } - 1)
        < 1e-4)
    identifier.isRaw = true
    let own = identifier.classifier.predictions(for: text, limit: 5)
    let found = identifier.identify(text, limit: 5)
    #expect(found.candidates.map(\.probability) == own.map { Double($0.probability) })
    #expect(found.mixture.isEmpty)
  }

  @Test("a line in upper case is told as the same line in lower case")
  func upperCase() throws {
    let identifier = try TinyIdentifier.make()
    for text in ["the little bird sings", "маленькая птица поёт"] {
      #expect(identifier.identify(text.uppercased()) == identifier.identify(text))
    }
  }

  @Test("a language that is not written in the text's script is ruled out")
  func scripts() throws {
    let identifier = try TinyIdentifier.make()
    let found = identifier.identify("xyzzy", limit: 9).candidates.map(\.language.description)
    #expect(Set(found).isSubset(of: ["eng_Latn", "deu_Latn"]))
    // No language of the model is written in these.
    for (text, script) in [("ߒߞߏ ߞߊ߲", "Nkoo"), ("ελληνικά", "Grek"), ("ދިވެހި", "Thaa")] {
      let found = identifier.identify(text)
      #expect(found.name == "und" && found.candidates.isEmpty && found.script == script)
    }
  }

  @Test("a text without letters, and one that is not likely enough, are undetermined")
  func undetermined() throws {
    var identifier = try TinyIdentifier.make()
    for text in ["", " ", "123 + 4", "…", "🙂"] {
      let found = identifier.identify(text)
      #expect(found.name == "und" && found.script == "Zyyy" && found.probability == 0)
    }
    identifier.threshold = 1
    #expect(identifier.identify("xyz").name == "und")
    #expect(identifier.identify("xyz").script == "Latn")
  }

  @Test("simplified and traditional Chinese are told by their characters")
  func chinese() throws {
    let identifier = try TinyIdentifier.make()
    #expect(identifier.identify("这个花园").name == "zho_Hans")
    #expect(identifier.identify("這個花園").name == "zho_Hant")
  }

  @Test("a line in two languages is reported with their shares, a line in one is not")
  func mixtures() throws {
    let identifier = try TinyIdentifier.make()
    let (english, german, russian) = (
      TinyIdentifier.lines(0)[0], TinyIdentifier.lines(1)[0], TinyIdentifier.lines(2)[0]
    )
    for text in [english, german, russian, "\(english) \(english)"] {
      #expect(identifier.identify(text).mixture.isEmpty, "\(text)")
    }
    let scripts = identifier.identify("\(english). \(russian)").mixture
    #expect(Set(scripts.map(\.language.description)) == ["eng_Latn", "rus_Cyrl"])
    #expect(abs(scripts.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    #expect(scripts.allSatisfy { (0.3...0.7).contains($0.share) })
    let latin = identifier.identify("\(english) \(english). \(german) \(german)").mixture
    #expect(Set(latin.map(\.language.description)) == ["eng_Latn", "deu_Latn"])
  }

  @Test("the number of threads changes nothing")
  func threads() throws {
    let identifier = try TinyIdentifier.make()
    let texts = (0..<4).flatMap { TinyIdentifier.lines($0) }
    #expect(identifier.identify(texts, threads: 4) == texts.map { identifier.identify($0) })
  }

  @Test("a model whose labels are no languages is refused, and so is a file that is no model")
  func refusals() throws {
    let store = try LineStore()
    for _ in 0..<4 {
      try store.append("__label__weather rain")
      try store.append("__label__food bread")
    }
    var trainer = ClassifierTrainer()
    trainer.arguments.dimension = 4
    let classifier = try FastTextClassifier(trainer.train(store))
    #expect { try FastTextIdentifier(classifier) } throws: { "\($0)".contains("__label__weather") }
    let folder = try TemporaryFolder()
    let path = try folder.write("not a model", to: "model.bin")
    #expect { try FastTextIdentifier(contentsOf: path) } throws: {
      ($0 as? CorpusError)?.file == path
    }
  }

  @Test("Wikipedia's names of editions are understood where a model uses them")
  func editions() throws {
    let editions = ModelLanguages.tags(of: ["__label__als", "__label__sq", "__label__zh"])
    #expect(editions.map { $0?.canonical } == ["gsw", "sq", "zh"])
    let codes = ModelLanguages.tags(of: ["__label__als_Latn", "__label__eng_Latn", "__label__x y"])
    #expect(codes.map { $0?.canonical } == ["sq", "en", nil])
  }
}
