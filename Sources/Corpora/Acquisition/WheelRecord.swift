// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The list of files, digests and sizes that a wheel carries (`*.dist-info/RECORD`; PEP 376, PEP 427).
struct WheelRecord: Equatable {
  /// A file of the wheel.
  struct Entry: Equatable {
    /// Its path from the wheel's root.
    var path: String
    /// Its SHA-256 in unpadded URL-safe Base64; nil for the list itself.
    var digest: String?
    /// Its size in bytes.
    var size: Int?
  }

  /// The files, in the list's order.
  let entries: [Entry]

  /// Reads the list of an unpacked wheel.
  ///
  /// - Throws: `CorpusError.Code.download` where there is none.
  init(in folder: URL) throws(CorpusError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard let information = names.sorted().first(where: { $0.hasSuffix(".dist-info") }) else {
      throw CorpusError(.download, "the wheel has no .dist-info folder", at: folder.path)
    }
    let file = folder.appendingPathComponent(information).appendingPathComponent("RECORD")
    let lines = try TextLines(file.path).open()
    var entries: [Entry] = []
    while let line = try lines.next() {
      if line.isEmpty { continue }
      var record = DelimitedRecord(delimiter: UInt8(ascii: ","), quotes: true)
      guard try record.append(line, at: file.path, line: lines.number), record.fields.count == 3
      else {
        throw CorpusError(
          .download, "the row is not one of a RECORD", expected: "path, digest and size",
          at: file.path, line: lines.number)
      }
      let digest = record.fields[1].split(separator: "=", maxSplits: 1)
      entries.append(
        Entry(
          path: record.fields[0],
          digest: digest.first == "sha256" ? digest.last.map(String.init) : nil,
          size: Int(record.fields[2])))
    }
    self.entries = entries
  }

  /// Compares each file with its digest.
  ///
  /// - Throws: `CorpusError.Code.download` where one differs, `.file` where one is missing.
  func verify(_ folder: URL) throws(CorpusError) {
    for entry in entries {
      guard let expected = entry.digest else { continue }
      let file = folder.appendingPathComponent(entry.path)
      let found = Data(try FileDigest.digest(of: file)).base64EncodedString()
        .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
      guard found == expected else {
        throw CorpusError(
          .download, "the file differs from the wheel's own list", expected: expected, found: found,
          hint: "fetch the package again", at: entry.path)
      }
    }
  }
}
