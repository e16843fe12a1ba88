// SPDX-License-Identifier: Apache-2.0

import Foundation

/// URIEL+ (Khan and others, 2025): URIEL's features of 7,970 languages, Grambank's, and Glottolog's families and places.
///
/// It is fetched as the Python package `urielplus` for the data inside (CC BY-SA 4.0) and kept in the cache as one ``TypologyTable``;
/// no Python code of it is run. A feature is 1 where any source says so, 0 where some do and none says 1: URIEL+'s union.
public enum UrielPlus {
  static let package = PythonPackage(
    "urielplus", "1.3.2",
    sha256: "26d99eacf27f5d8f0c5e68eecd4e7bf84adba5eb8c7b4d84f464ae163bc8002e")
  static let tableFile = "languages.tsv"

  /// The table; fetched when it is not there.
  ///
  /// - Throws: `CorpusError.Code.program` where Python or pip is missing or cannot reach the package index, `.download` or `.format`
  ///   where what came is not what it should be.
  public static func table(
    progress: (String) -> Void = { _ in }
  ) throws -> TypologyTable {
    let folder = try Cache.folder(
      "typology/\(package.name)-\(package.version)", progress: progress
    ) { folder in
      let database = try package.unpacked(progress: progress)
        .appendingPathComponent("urielplus/database")
      progress("reading \(package.name)")
      let arrays = folder.appendingPathComponent("arrays")
      let features = database.appendingPathComponent("original_uriel/features.npz")
      try ChildProcess.run("python3", ["-m", "zipfile", "-e", features.path, arrays.path])
      try table(arrays: arrays, tables: database.appendingPathComponent("urielplus_csvs"))
        .write(to: folder.appendingPathComponent(tableFile))
      try FileManager.default.removeItem(at: arrays)
    }
    return try TypologyTable(contentsOf: folder.appendingPathComponent(tableFile))
  }

  /// The table from URIEL's arrays and the package's own tables.
  static func table(arrays: URL, tables: URL) throws(CorpusError) -> TypologyTable {
    func array(_ name: String) throws(CorpusError) -> NumpyArray {
      try NumpyArray(contentsOf: arrays.appendingPathComponent("\(name).npy"))
    }
    var features = try array("feats").strings()
    let languages = try array("langs").strings()
    let data = try array("data")  // [languages, features, sources], -1 where a source says nothing
    guard data.shape.count == 3, data.shape[0] == languages.count, data.shape[1] == features.count
    else {
      throw CorpusError(
        .format, "URIEL's arrays do not fit together",
        expected: "\(languages.count) languages of \(features.count) features",
        found: "\(data.shape)", at: arrays.path)
    }
    var entries: [String: TypologyTable.Entry] = [:]
    for (index, language) in languages.enumerated() {
      let size = features.count * data.shape[2]
      let numbers = try data.numbers(index * size..<(index + 1) * size)
      entries[language] = .init(
        values: features.indices.map { feature in
          let sources = numbers[feature * data.shape[2]..<(feature + 1) * data.shape[2]]
          return sources.max().flatMap { $0 < 0 ? nil : $0 >= 0.5 ? 1 : 0 }
        })
    }
    var glottocodes: [String: [String]] = [:]
    try rows(tables.appendingPathComponent("uriel_glottocode_map.csv")) { row in
      if let code = row["iso_code"], let glottocode = row["glottocode"], !glottocode.isEmpty {
        glottocodes[glottocode, default: []].append(code)
      }
    }
    try rows(tables.appendingPathComponent("lang_fam_geo.csv")) { row in
      for code in glottocodes[row["language_id"] ?? ""] ?? [] {
        entries[code]?.lineage = (row["lineage"] ?? "").split(separator: ",").map {
          String($0).trimmingCharacters(in: .whitespaces)
        }
        guard let latitude = row["latitude"].flatMap(Double.init),
          let longitude = row["longitude"].flatMap(Double.init)
        else { continue }
        entries[code]?.place = .init(latitude: latitude, longitude: longitude)
      }
    }
    try add(tables.appendingPathComponent("grambank_data.csv"), to: &entries, &features) {
      glottocodes[$0] ?? []
    }
    return TypologyTable(features: features, entries: entries)
  }

  /// Adds a database's features to those of the languages that are known.
  private static func add(
    _ file: URL, to entries: inout [String: TypologyTable.Entry], _ features: inout [String],
    codes: (String) -> [String]
  ) throws(CorpusError) {
    var places = Dictionary(
      features.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let before = features.count
    var found: [(codes: [String], values: [(feature: Int, value: UInt8)])] = []
    try rows(file) { row in
      let languages = codes(row["language_id"] ?? "")
      guard !languages.isEmpty else { return }
      var values: [(feature: Int, value: UInt8)] = []
      for (name, text) in row where name.contains("_") && name != "language_id" {
        guard let value = Double(text), value >= 0 else { continue }
        if places[name] == nil { places[name] = places.count }
        guard let place = places[name] else { continue }
        values.append((place, value >= 0.5 ? 1 : 0))
      }
      found.append((languages, values))
    }
    // Names came in the order of a dictionary; the table's order is that of names.
    let added = places.filter { $0.value >= before }.sorted { $0.key < $1.key }
    var order: [Int: Int] = [:]
    for (offset, (name, place)) in added.enumerated() {
      order[place] = before + offset
      features.append(name)
    }
    for code in entries.keys {
      entries[code]?.values += [UInt8?](repeating: nil, count: added.count)
    }
    for (codes, values) in found {
      for (place, value) in values {
        let index = order[place] ?? place
        for code in codes {
          let old = entries[code]?.values[index]
          entries[code]?.values[index] = max(old.flatMap(\.self) ?? 0, value)
        }
      }
    }
  }

  /// Calls `body` with the rows of a table of comma-separated values, by the names of its columns.
  private static func rows(
    _ file: URL, _ body: ([String: String]) -> Void
  ) throws(CorpusError) {
    let lines = try TextLines(file.path).open()
    var names: [String]?
    var record = DelimitedRecord(delimiter: UInt8(ascii: ","), quotes: true)
    while let line = try lines.next() {
      guard try record.append(line, at: file.path, line: lines.number) else { continue }
      if let names {
        body(Dictionary(zip(names, record.fields), uniquingKeysWith: { first, _ in first }))
      } else {
        names = record.fields
      }
      record = DelimitedRecord(delimiter: UInt8(ascii: ","), quotes: true)
    }
  }
}
