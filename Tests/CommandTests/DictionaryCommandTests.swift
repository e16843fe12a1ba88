// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing

/// Word lists that pairs teach, by the program.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct DictionaryCommandTests {
  private let world: TinyWorld

  init() throws {
    world = try TinyWorld()
    let catalogue = [
      ("Open the _file", "Malfermi la dosieron"), ("Close the file", "Fermi la dosieron"),
      ("Open the window", "Malfermi la fenestron"), ("Close the window", "Fermi la fenestron"),
      ("_Open", "Malfermi"), ("Close", "Fermi"), ("the window", "la fenestron"),
      ("the file", "la dosieron"), ("Window", "Fenestron"), ("OK", "OK"),
    ]
    try world.write(
      "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n"
        + catalogue.map { "msgid \"\($0.0)\"\nmsgstr \"\($0.1)\"\n" }.joined(separator: "\n"),
      "eo/program.po")
    try world.write("file\tdosieron\nlid\tkovrilo\n", "known.txt")
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func list(_ name: String) throws -> [String] {
    try String(contentsOfFile: path(name), encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test("a folder of catalogues teaches words that glosses are made with")
  func catalogues() async throws {
    let done = try await Program.run([
      "data", "dictionary", path("eo"), "--output", path("list.txt"), "--threads", "1",
    ])
    #expect(done.status == 0, "\(done.errors)")
    let entries = try list("list.txt")
    #expect(entries.contains("file\tdosieron") && entries.contains("window\tfenestron"))
    #expect(entries.contains("open\tmalfermi") && entries.contains("close\tfermi"))
    #expect(!entries.contains("ok\tok"))
    let glossed = try await Program.run(
      ["data", "gloss", "--dictionary", path("list.txt"), "--alone"],
      input: Data("Fermi fenestron\n".utf8))
    #expect(glossed.output == "Close window\n")
  }

  @Test("a list that is there comes first and keeps its entries")
  func after() async throws {
    let done = try await Program.run([
      "data", "dictionary", path("eo"), "--after", path("known.txt"), "--output", path("both.txt"),
    ])
    #expect(done.status == 0, "\(done.errors)")
    let entries = try list("both.txt")
    #expect(Array(entries.prefix(2)) == ["file\tdosieron", "lid\tkovrilo"])
    #expect(entries.count { $0.hasSuffix("\tdosieron") } == 1)
    #expect(entries.contains("window\tfenestron"))
  }

  @Test("a catalogue of a folder that cannot be read is named and passed over")
  func passesOver() async throws {
    try world.write("not a catalogue", "eo/broken.mo")
    let done = try await Program.run([
      "data", "dictionary", path("eo"), "--output", path("list.txt"),
    ])
    #expect(done.status == 0 && done.errors.contains("broken.mo"), "\(done.errors)")
    let alone = try await Program.run([
      "data", "dictionary", path("eo/broken.mo"), "--output", path("none.txt"),
    ])
    #expect(alone.status != 0)
    #expect(!FileManager.default.fileExists(atPath: path("none.txt")))
  }

  @Test("half of the known words are glossed where that is asked for, the same ones each time")
  func rate() async throws {
    let text = Data(
      (0..<40).map { "dosieron kovrilo \($0)\n" }.joined().utf8)
    func glossed(_ options: String...) async throws -> String {
      try await Program.run(
        ["data", "gloss", "--alone", "--dictionary", path("known.txt")] + options, input: text
      ).output
    }
    let half = try await glossed("--rate", "0.5")
    let known = half.components(separatedBy: "file").count - 1
    #expect((8...32).contains(known))
    #expect(try await glossed("--rate", "0.5") == half)
    #expect(try await glossed("--rate", "0.5", "--seed", "2") != half)
    let none = try await Program.run(
      ["data", "gloss", "--dictionary", path("known.txt"), "--rate", "0"], input: text)
    #expect(none.status == 64 && none.errors.contains("--rate"))
  }

  @Test("mistakes are told with what to do")
  func mistakes() async throws {
    let format = try await Program.run([
      "data", "dictionary", path("eo"), "--output", path("list.tsv"),
    ])
    #expect(format.status == 64 && format.errors.contains(".txt"))
    try world.write("one ||| one\ntwo ||| two\n", "same.txt")
    let same = try await Program.run([
      "data", "dictionary", path("same.txt"), "--output", path("list.txt"),
    ])
    #expect(same.status != 0, "\(same.errors)")
    let empty = try await Program.run([
      "data", "dictionary", world.folder.path + "/data", "--output", path("list.txt"),
    ])
    #expect(empty.status != 0 && empty.errors.contains(".mo or .po"))
  }
}
