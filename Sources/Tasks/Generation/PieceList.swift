// SPDX-License-Identifier: Apache-2.0

import Foundation
import Transformers

/// Pieces with their ids, as `vocab.json` lists them.
struct PieceList: Sendable {
  let ids: [String: Int32]
  /// The piece of each id; nil for an id that no piece has.
  let pieces: [String?]
  private let unknownID: Int32
  /// By bytes: pieces that look the same may be spelled by different scalars.
  private let byBytes: [[UInt8]: Int32]

  init(_ file: URL) throws {
    guard let data = try? Data(contentsOf: file) else {
      throw TransformerError(.file, "cannot be read; expected pieces with their ids", at: file.path)
    }
    guard let object = try? JSONDecoder().decode(Entries.self, from: data), !object.entries.isEmpty
    else {
      throw TransformerError(
        .file, "expected an object of pieces and their ids, found something else", at: file.path)
    }
    var byBytes: [[UInt8]: Int32] = [:]
    var ids: [String: Int32] = [:]
    var pieces = [String?](repeating: nil, count: Int(object.entries.map(\.id).max() ?? 0) + 1)
    for (piece, id) in object.entries {
      guard id >= 0 else {
        throw TransformerError(.file, "the piece '\(piece)' has the id \(id)", at: file.path)
      }
      (byBytes[Array(piece.utf8)], ids[piece]) = (id, id)
      pieces[Int(id)] = piece
    }
    guard let unknown = ids["<unk>"] else {
      throw TransformerError(.file, "has no piece <unk>", at: file.path)
    }
    (self.ids, self.pieces, self.byBytes, unknownID) = (ids, pieces, byBytes, unknown)
  }

  func id(of piece: String?) -> Int32 {
    piece.flatMap { byBytes[Array($0.utf8)] } ?? unknownID
  }

  /// All entries of an object, in their order.
  private struct Entries: Decodable {
    var entries: [(piece: String, id: Int32)] = []

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        entries.append((key.stringValue, try container.decode(Int32.self, forKey: key)))
      }
    }
  }
}
