// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("Debian's texts")
struct DebianTextTests {
  private func package(_ name: String, source: String? = nil) throws -> DebianPackage {
    var fields = ["Package": name, "Section": "net", "Description-md5": "0"]
    fields["Source"] = source
    return try #require(DebianPackage(fields))
  }

  @Test("Paragraphs of a control file have the fields that were asked for")
  func controlFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      Package: one
      Depends: a,
       b: c
      Description-de: erste Zeile
       zweite Zeile
       .
       dritte: Zeile


      Description-de:
       nur Text
      Package: two
      """, to: "list")
    let file = try ControlFile(path, fields: ["Package", "Description-de"])
    #expect(
      try file.next() == [
        "Package": "one", "Description-de": "erste Zeile\nzweite Zeile\n.\ndritte: Zeile",
      ])
    #expect(try file.next() == ["Package": "two", "Description-de": "\nnur Text"])
    #expect(try file.next() == nil)
  }

  @Test(
    "A line that is no field is an error with its place",
    arguments: [
      ("Package: one\nno field\n", 2), (" continues nothing\n", 1), ("Package: a\n\n x\n", 3),
    ])
  func malformed(_ text: String, _ line: Int) throws {
    let folder = try TemporaryFolder()
    let file = try ControlFile(folder.write(text, to: "list"), fields: ["Package"])
    let error = #expect(throws: CorpusError.self) { while try file.next() != nil {} }
    #expect(error?.line == line)
    #expect(error?.file == folder.path("list"))
  }

  @Test("A package has its source, and its section without the area")
  func fields() throws {
    let package = try #require(
      DebianPackage([
        "Package": "libfoo2", "Source": "foo (1.2-3)", "Section": "contrib/games",
        "Description-md5": "0",
      ]))
    #expect(package.source == "foo")
    #expect(package.section == "games")
    #expect(DebianPackage(["Package": "a", "Section": "net"]) == nil)
    #expect(try self.package("bar").source == "bar")
  }

  @Test(
    "Sources that differ by their numbers are one family",
    arguments: [
      ("gcc-12", "gcc"), ("gcc-12-cross", "gcc-cross"), ("python3.11", "python"), ("7zip", "zip"),
      ("foo", "foo"), ("9", "9"), ("x264", "x"),
    ])
  func family(_ source: String, _ family: String) throws {
    #expect(try package("a", source: source).family == family)
  }

  @Test(
    "A description is a summary and paragraphs, lines joined as its script joins them",
    arguments: [
      ("one line", ["one line"]), ("a\nb\nc", ["a", "b c"]),
      ("a\nb\n.\nc\n .\n d", ["a", "b", "c", "d"]),
      ("a\n  * x\n  * y", ["a", "* x * y"]), ("", []), ("a\n.\n.\nb", ["a", "b"]),
      ("ゲーム\nこれはチェッ\nクを行う\nprogram\nです", ["ゲーム", "これはチェックを行う program です"]),
      ("게임\n한국어\n문장", ["게임", "한국어 문장"]),
    ])
  func paragraphs(_ field: String, _ expected: [String]) {
    #expect(PackageDescription(field).paragraphs == expected)
  }

  @Test(
    "Names that stand alone are masked, whatever their case",
    arguments: [
      ("Sim is a simulator by sim.", "this is a simulator by this."),
      ("asim simx sim2", "asim simx sim2"),
      ("sim-data and simcore's", "this-data and this's"), ("SIMはゲーム", "thisはゲーム"), ("", ""),
      ("nothing here é", "nothing here é"), ("simcore-extra sim", "this-extra this"),
    ])
  func mask(_ text: String, _ expected: String) throws {
    #expect(try NameMask(package("sim", source: "simcore"))(text) == expected)
  }

  @Test("Longer names are masked before shorter ones, and names of two letters not at all")
  func maskOrder() throws {
    let mask = NameMask(try package("bc-gui", source: "bc"))
    #expect(mask("bc-gui and bc") == "this and bc")
  }
}
