// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// SHA-256, in lower-case hexadecimal digits.
public enum FileDigest {
  /// The digest of a file, which is read in pieces.
  ///
  /// - Throws: `CorpusError.Code.file` where it cannot be read to its end.
  public static func sha256(of file: URL) throws(CorpusError) -> String {
    hexadecimal(try digest(of: file))
  }

  /// One digest of the files in a folder whose names `isIncluded` accepts, names and contents.
  ///
  /// - Throws: `CorpusError.Code.file` where the folder or a file cannot be read.
  public static func sha256(
    ofFolder folder: URL, where isIncluded: (String) -> Bool
  ) throws(CorpusError) -> String {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      throw CorpusError(.file, "the folder cannot be read", at: folder.path)
    }
    var lines = ""
    for name in names.sorted() where isIncluded(name) {
      lines += "\(name) \(try sha256(of: folder.appendingPathComponent(name)))\n"
    }
    return sha256(of: Data(lines.utf8))
  }

  /// The digest of bytes in memory.
  public static func sha256(of data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }

  /// The digest of a file as bytes.
  static func digest(of file: URL) throws(CorpusError) -> SHA256Digest {
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      var hasher = SHA256()
      while let piece = try handle.read(upToCount: 4 << 20), !piece.isEmpty {
        hasher.update(data: piece)
      }
      return hasher.finalize()
    } catch {
      throw CorpusError(
        .file, "the file cannot be read", hint: "check that it is there and its permissions",
        at: file.path)
    }
  }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
