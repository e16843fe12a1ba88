// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import WordVectors

/// Labelled text, as lines that begin with their labels.
struct LabelledSource {
  /// What a label begins with.
  let prefix: String

  /// The lines of files: as they are, or made of the columns of a table.
  func lines(of paths: [String]) throws -> LineStore {
    let store = try LineStore()
    for path in paths {
      try forEachBlock(of: path) { try store.append(linesOf: $0) }
    }
    return store
  }

  /// Calls `body` with some lines after the other.
  func forEachBlock(of path: String, _ body: ([UInt8]) throws -> Void) throws {
    let format = (try? ExampleFormat(path: path)) ?? .lines
    guard format != .lines, format != .fastText else {
      let reader = try LineBlockReader([path])
      while let block = try reader.next() { try body(block.bytes) }
      return
    }
    var reader = ExampleReader()
    reader.lengthLimit = 1 << 27
    let stream = try reader.open(path)
    var block: [UInt8] = []
    while let example = try stream.next() {
      if let label = example.label {
        block += prefix.utf8
        // A label is one word.
        block += label.utf8.map { $0 <= 0x20 ? UInt8(ascii: "_") : $0 }
        block.append(UInt8(ascii: " "))
      }
      block += example.text.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
      block.append(UInt8(ascii: "\n"))
      guard block.count >= 1 << 18 else { continue }
      try body(block)
      block.removeAll(keepingCapacity: true)
    }
    if !block.isEmpty { try body(block) }
  }
}
