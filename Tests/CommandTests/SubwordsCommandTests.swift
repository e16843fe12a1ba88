// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Testing

/// `koine subwords` as a user runs it, on a tiny vocabulary.
@Suite(.timeLimit(.minutes(60)))
struct SubwordsCommandTests {
  private let folder: URL
  private var model: String { folder.appendingPathComponent("tokenizer.json").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("subwords-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let pieces = [
      "<s>", "<pad>", "</s>", "<unk>", "\u{2581}", "\u{2581}the", "a", "b", "ab", "<mask>",
    ]
    try TokenizerConfiguration.xlmRoberta(
      pieces: pieces, scores: pieces.indices.map { -Float($0) }, characterMap: .nmtNFKC(singles: [])
    ).write(to: folder.appendingPathComponent("tokenizer.json"))
  }

  private func write(_ text: String, _ name: String) throws -> String {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  @Test(
    "help teaches every command",
    arguments: ["train", "extend", "trim", "check", "encode", "decode", "inspect", "export"])
  func help(command: String) async throws {
    let outcome = try await Program.run(["subwords", command, "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("USAGE: koine subwords \(command)"))
    #expect(outcome.output.contains("Example"))
  }

  @Test("one line comes out for each line in, whatever the lines, with any number of threads")
  func lines() async throws {
    let text = "the ab\n\na\r\n\u{0}b\nthe"
    let one = try await Program.run(
      ["subwords", "encode", "--model", model, "--threads", "1"], input: Data(text.utf8))
    #expect(one.status == 0, "\(one.errors)")
    let lines = one.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 6 && lines[0] == "5 4 8" && lines[1].isEmpty && lines[4] == "5")
    let two = try await Program.run(
      ["subwords", "encode", "--model", model, "--threads", "2"], input: Data(text.utf8))
    #expect(two.output == one.output)
    let back = try await Program.run(
      ["subwords", "decode", "--model", model], input: Data("5 4 8\n\n".utf8))
    #expect(back.output == "the ab\n\n")
  }

  @Test("samples follow from the seed and the line, with any number of threads")
  func sampling() async throws {
    let text = String(repeating: "the ab aba bab\n", count: 50)
    func encode(_ options: String...) async throws -> String {
      let outcome = try await Program.run(
        ["subwords", "encode", "--model", model, "--sampling", "--alpha", "0"] + options,
        input: Data(text.utf8))
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    let one = try await encode("--threads", "1")
    #expect(one.split(separator: "\n").count == 50 && Set(one.split(separator: "\n")).count > 10)
    #expect(try await encode("--threads", "2") == one)
    #expect(try await encode("--seed", "2") != one)
    #expect(try await encode("--nbest-size", "4", "--samples", "2").contains("\t"))
    let refused = try await Program.run(
      ["subwords", "encode", "--model", model, "--dropout", "0.1"], input: Data())
    #expect(refused.status == 65 && refused.errors.contains("it is sampled with an alpha"))
  }

  @Test("a mistake in the text names its file and line and ends with 65")
  func dataMistakes() async throws {
    let path = try write("a\tb\nno tab\n", "pairs.txt")
    let pairs = try await Program.run(["subwords", "encode", "--model", model, "--pairs", path])
    #expect(pairs.status == 65 && pairs.errors.contains("pairs.txt:2:"))
    let bytes = try await Program.run(
      ["subwords", "encode", "--model", model], input: Data([0x61, 0x0A, 0xFF, 0x0A]))
    #expect(bytes.status == 65 && bytes.errors.contains("standard input:2:"))
    let mended = try await Program.run(
      ["subwords", "encode", "--model", model, "--invalid", "replace"],
      input: Data([0x61, 0x0A, 0xFF, 0x0A]))
    #expect(mended.status == 0 && mended.output == "4 6\n4 3\n")
  }

  @Test(
    "a mistake on the command line ends with 64",
    arguments: [
      ["encode"], ["encode", "--model", "m", "--nbest", "0"],
      ["encode", "--model", "m", "--nbest", "2", "--pairs"],
      ["encode", "--model", "m", "--output", "words"], ["encode", "--model", "m", "--alpha", "1"],
      ["encode", "--model", "m", "--sampling", "--nbest-size", "1"],
      ["encode", "--model", "m", "--dropout", "2"],
      ["encode", "--model", "m", "--sampling", "--nbest", "2"],
      ["decode", "--model", "m", "--threads", "0"],
      ["inspect", "--model", "m"], ["inspect", "--model", "m", "--data", "-", "--pivot", "en"],
      ["inspect", "--model", "m", "--data", "x", "--pack", "a=9-3"],
      ["export", "--model", "m", "--format", "zip", "--output", "x"],
      ["export", "--model", "m", "--output", "x"],
    ])
  func usageMistakes(arguments: [String]) async throws {
    #expect(try await Program.run(["subwords"] + arguments).status == 64)
  }

  @Test("inspection prints a row for each language and writes the page")
  func inspect() async throws {
    _ = try write("text\nthe a\nab\n", "data/en/dev.tsv")
    _ = try write("text\na a a\nb b\n", "data/xx/dev.tsv")
    let page = folder.appendingPathComponent("page.html").path
    let data = folder.path + "/data/{lang}/dev.tsv"
    let outcome = try await Program.run([
      "subwords", "inspect", "--model", model, "--data", data, "--pivot", "en", "--output", page,
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = outcome.output.split(separator: "\n").map {
      $0.split(separator: "\t").map(String.init)
    }
    #expect(rows.count == 3 && rows[1][0] == "en" && rows[2][0] == "xx")
    #expect(try String(contentsOfFile: page, encoding: .utf8).hasPrefix("<!doctype html>"))
    let absent = try await Program.run([
      "subwords", "inspect", "--model", model, "--data", data, "--pivot", "yy",
    ])
    #expect(absent.status == 65 && absent.errors.contains("yy"))
  }

  @Test("a format that cannot hold the vocabulary is refused, and nothing is left behind")
  func export() async throws {
    let output = folder.appendingPathComponent("x.model").path
    let outcome = try await Program.run([
      "subwords", "export", "--model", model, "--format", "sentencepiece", "--output", output,
    ])
    #expect(outcome.status == 65)
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test("a vocabulary is trained in tiers, extended and trimmed, the same bytes for any threads")
  func training() async throws {
    for (language, letters) in [("aa", "abcdef"), ("bb", "гджзик"), ("cc", "κλμνξο")] {
      let letters = Array(letters)
      var lines: [String] = []
      for line in 0..<60 {
        var words: [String] = []
        for word in 0..<6 {
          var text = ""
          for place in 0..<(3 + word % 3) {
            let index: Int = line * 7 + word * place + place * place
            text.append(letters[index % 6])
          }
          words.append(text)
        }
        lines.append(words.joined(separator: " "))
      }
      _ = try write(lines.joined(separator: "\n"), "\(language)/train.txt")
    }
    let pattern = folder.path + "/{lang}/train.txt"
    let old = ["aa", "bb"].map { folder.path + "/\($0)/train.txt=\($0)" }
    func train(_ name: String, _ threads: String) async throws -> Data {
      let prefix = folder.appendingPathComponent(name).path
      let outcome = try await Program.run(
        ["subwords", "train", "--input"] + old + [
          "--model_prefix", prefix, "--vocab-size", "60", "--tiered", "--parallel", "--pivot", "aa",
          "--threads", threads, "--hard_vocab_limit=false",
          "--normalization_rule_name", "identity",
        ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      // The model itself records where it was to be written.
      return try Data(contentsOf: URL(fileURLWithPath: prefix + ".vocab"))
    }
    #expect(try await train("one", "1") == train("two", "2"))
    let extended = try await Program.run(
      [
        "subwords", "extend", "--model", folder.path + "/one.model", "--input",
        folder.path + "/cc/train.txt=cc", "--vocab_size", "20", "--output",
        folder.path + "/three.model", "--old-text",
      ] + old)
    #expect(extended.status == 0, "\(extended.errors)")
    #expect(extended.errors.contains("0 words are cut otherwise"))
    #expect(FileManager.default.fileExists(atPath: folder.path + "/three.tiers.json"))
    let packs = try await Program.run([
      "subwords", "encode", "--model", folder.path + "/three.model", "--packs", "none",
      folder.path + "/cc/train.txt",
    ])
    #expect(packs.status == 65 && packs.errors.contains("cc), found “none”"))
    let core = try await Program.run([
      "subwords", "encode", "--model", folder.path + "/three.model", "--packs", "core",
      folder.path + "/cc/train.txt",
    ])
    #expect(core.status == 0 && !core.output.isEmpty, "\(core.errors)")
    let weighed = try await Program.run([
      "subwords", "inspect", "--model", folder.path + "/three.model", "--data",
      folder.path + "/cc/train.txt=cc",
    ])
    #expect(weighed.status == 0, "\(weighed.errors)")
    #expect(
      weighed.output.contains("\n\npack\tlang\ttokens") && weighed.output.contains("\ncc\tcc\t"))
    let trimmed = try await Program.run([
      "subwords", "trim", "--model", folder.path + "/three.model", "--input", pattern,
      "--languages", "cc", "--output", folder.path + "/four.model", "--compact",
    ])
    #expect(trimmed.status == 0, "\(trimmed.errors)")
    let text = try write("κλμ νξο\n", "text.txt")
    func pieces(_ model: String) async throws -> String {
      try await Program.run([
        "subwords", "encode", "--model", "\(folder.path)/\(model).model", "--output", "pieces",
        text,
      ]).output
    }
    #expect(try await pieces("three") == pieces("four"))
  }

  @Test("a tokenizer.json is extended behind all its ids")
  func extendListed() async throws {
    let text = try write("ЖЗ ЖЗЖ ЗЗ\nЖЗ ЗЖ\n", "new.txt")
    let output = folder.appendingPathComponent("more/tokenizer.json").path
    let outcome = try await Program.run([
      "subwords", "extend", "--model", model, "--input", text, "--allow-changes", "--vocab_size",
      "3",
      "--name", "new", "--output", output,
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    let encoded = try await Program.run(
      ["subwords", "encode", "--model", output], input: Data("the <mask>\nЖЗ\n".utf8))
    let lines = encoded.output.split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Int($0) }
    }
    #expect(lines.count == 2 && lines[0].last == 9 && lines[1].contains { $0 >= 10 })
    let refused = try await Program.run([
      "subwords", "extend", "--model", model, "--input", text, "--allow-changes", "--output",
      "x.model",
    ])
    #expect(refused.status == 65 && refused.errors.contains("--output FILE.json"))
  }

  @Test("a mistake in training ends with 64 or 65 and one sentence")
  func trainingMistakes() async throws {
    let text = try write("ab ab\n", "small.txt")
    let empty = try write("", "empty.txt")
    let cases: [([String], Int32, String)] = [
      (["--input", text, "--vocab_size", "5000"], 65, "set --vocab_size to at most"),
      (["--input", empty], 65, "empty.txt: there is no text in it"),
      (["--input", text, "--model_type", "bpp"], 64, "--model_type must be"),
      (["--input", text, "--pivot", "aa"], 64, "--pivot go with --tiered"),
      (["--input", folder.path + "/none.txt"], 65, "none.txt"),
    ]
    for (arguments, status, sentence) in cases {
      let outcome = try await Program.run(
        [
          "subwords", "train", "--model_prefix", folder.path + "/out/x",
          "--normalization_rule_name", "identity",
        ] + arguments)
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
  }
}
