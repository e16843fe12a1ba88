// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("Typology")
struct TypologyTests {
  private static let features = (0..<6).map { "S_\($0)" } + (0..<6).map { "P_\($0)" }

  private static func entry(
    _ values: String, lineage: [String] = [], place: TypologyTable.Place? = nil
  ) -> TypologyTable.Entry {
    .init(
      values: values.utf8.map { $0 == 0x31 ? 1 : $0 == 0x30 ? 0 : nil }, lineage: lineage,
      place: place)
  }

  private static let table = TypologyTable(
    features: features,
    entries: [
      "deu": entry(
        "110000??????", lineage: ["A", "B", "C"], place: .init(latitude: 0, longitude: 0)),
      "nld": entry(
        "100001??????", lineage: ["A", "B", "D", "E"], place: .init(latitude: 0, longitude: 90)),
      "fin": entry(
        "111111111111", lineage: ["F"], place: .init(latitude: 0, longitude: 180)),
      "zho": entry("??????110000"), "cmn": entry("000011??????", lineage: ["S"]),
    ])

  @Test("the distance of syntax is the angle between the features known of both")
  func angle() throws {
    let (german, dutch) = (try LanguageTag("de"), try LanguageTag("nld_Latn"))
    let distance = TypologicalDistance.syntactic
    // One feature of two each: the cosine is a half.
    let found = try #require(distance.between(german, dutch, in: Self.table))
    #expect(abs(found - 2.0 / 3) < 1e-12)
    #expect(distance.between(german, german, in: Self.table) == 0)
    #expect(TypologicalDistance.phonological.between(german, dutch, in: Self.table) == nil)
  }

  @Test("the distance of families counts those shared from the widest on")
  func families() throws {
    let tags = try ["de", "nl", "fi"].map { try LanguageTag($0) }
    let near = try #require(TypologicalDistance.genetic.between(tags[0], tags[1], in: Self.table))
    #expect(abs(near - 2 * acos(2 / 12.0.squareRoot()) / .pi) < 1e-12)
    #expect(TypologicalDistance.genetic.between(tags[0], tags[2], in: Self.table) == 1)
  }

  @Test("the distance on the globe is 1 at the antipode and a half a quarter round")
  func globe() throws {
    let tags = try ["de", "nl", "fi"].map { try LanguageTag($0) }
    let quarter = try #require(
      TypologicalDistance.geographic.between(tags[0], tags[1], in: Self.table))
    let half = try #require(
      TypologicalDistance.geographic.between(tags[0], tags[2], in: Self.table))
    #expect(abs(quarter - 0.5) < 1e-9)
    #expect(abs(half - 1) < 1e-9)
  }

  @Test("what a code leaves open, the other codes of the language say")
  func members() throws {
    let entry = try #require(Self.table.entry(of: LanguageTag("zho_Hans")))
    #expect(entry.values == Self.entry("000011110000").values)
    #expect(entry.lineage == ["S"])
    #expect(Self.table.entry(of: try LanguageTag("swh")) == nil)
  }

  @Test("a table comes back from its file as it was")
  func file() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("table.tsv")
    try Self.table.write(to: file)
    let read = try TypologyTable(contentsOf: file)
    #expect(read.features == Self.table.features)
    #expect(read.entries == Self.table.entries)
    try folder.write("S_A\tS_B\ndeu\t1\t2\tX\t101\n", to: "bad.tsv")
    #expect(throws: CorpusError.self) {
      try TypologyTable(contentsOf: folder.url.appendingPathComponent("bad.tsv"))
    }
  }

  @Test("URIEL's arrays and the package's tables become one table")
  func package() throws {
    let folder = try TemporaryFolder()
    func npy(_ name: String, _ type: String, _ shape: String, _ bytes: [UInt8]) throws {
      let header =
        "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }\n"
      let data =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        + bytes
      try Data(data).write(to: folder.url.appendingPathComponent("\(name).npy"))
    }
    func text(_ words: [String]) -> [UInt8] {
      words.flatMap { word in
        let scalars = word.unicodeScalars.map(\.value) + [UInt32](repeating: 0, count: 4)
        return scalars.prefix(4).flatMap { value in (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
      }
    }
    try npy("feats", "<U4", "2,", text(["S_A", "P_B"]))
    try npy("langs", "<U4", "2,", text(["deu", "fin"]))
    let numbers: [Float] = [-1, 0, -1, -1, 1, 0, 0, -1]
    try npy(
      "data", "<f4", "2, 2, 2",
      numbers.flatMap { number in
        (0..<4).map { UInt8(number.bitPattern >> (8 * UInt32($0)) & 255) }
      })
    try folder.write("iso_code,glottocode\ndeu,stan1295\nfin,\n", to: "uriel_glottocode_map.csv")
    try folder.write(
      "language_id,language_name,latitude,longitude,lineage\nstan1295,German,48.6,12.4,\"A, B\"\n",
      to: "lang_fam_geo.csv")
    try folder.write("language_id,S_A,S_Z\nstan1295,1,0\nother,1,1\n", to: "grambank_data.csv")
    let table = try UrielPlus.table(arrays: folder.url, tables: folder.url)
    #expect(table.features == ["S_A", "P_B", "S_Z"])
    #expect(
      table.entries["deu"]
        == .init(
          values: [1, nil, 0], lineage: ["A", "B"],
          place: .init(latitude: 48.6, longitude: 12.4)))
    #expect(table.entries["fin"] == .init(values: [1, 0, nil]))
  }

  @Test("a file that is no NumPy array is refused by name")
  func noArray() throws {
    let folder = try TemporaryFolder()
    try folder.write("not an array at all", to: "a.npy")
    #expect(throws: CorpusError.self) {
      try NumpyArray(contentsOf: folder.url.appendingPathComponent("a.npy"))
    }
  }
}
