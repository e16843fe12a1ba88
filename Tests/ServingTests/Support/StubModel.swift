// SPDX-License-Identifier: Apache-2.0

import Serving
import Synchronization

/// A deterministic model: a token a word, vectors and probabilities that follow from the tokens.
///
/// The word `explode` makes its batch fail, `unspeakable` cannot become tokens, `infinite` gives a
/// number that is not finite. Batches wait while ``hold()`` is in force.
final class StubModel: ServedModel {
  struct Explosion: Error, CustomStringConvertible {
    let description = "secret detail of the engine"
  }

  let info: ServedModelInfo
  private let state = Mutex(State())
  private let delayPerRow: Duration

  private struct State {
    var isHeld = false
    var batches: [[[Int32]]] = []
    var languages: [String?] = []
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  init(
    labels: [String] = ["weather", "music", "alarm"], dimensions: Int = 8,
    maximumLength: Int = 16, prefixes: ServedModelInfo.Prefixes = .e5,
    delayPerRow: Duration = .zero
  ) {
    info = ServedModelInfo(
      name: "stub", version: "sha256:0", task: labels.isEmpty ? "embedding" : "classification",
      labels: labels, languages: ["en", "de"], dimensions: dimensions,
      maximumLength: maximumLength, vocabularySize: 1000, prefixes: prefixes)
    self.delayPerRow = delayPerRow
  }

  /// The batches so far.
  var batches: [[[Int32]]] { state.withLock { $0.batches } }
  /// The languages of all rows that were classified so far.
  var languages: [String?] { state.withLock { $0.languages } }
  /// How many batches stand at the gate.
  var heldBatches: Int { state.withLock { $0.waiting.count } }

  func hold() { state.withLock { $0.isHeld = true } }

  func release() {
    let waiting = state.withLock { state in
      state.isHeld = false
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func tokenize(_ text: String) throws -> [Int32] {
    let words = text.split(whereSeparator: \.isWhitespace)
    if words.contains("unspeakable") { throw Explosion() }
    return [0] + words.map(Self.id) + [2]
  }

  func embed(_ batch: [[Int32]]) async throws -> [[Float]] {
    try await pass(batch)
    return batch.map { vector(of: $0) }
  }

  func classify(_ batch: [[Int32]], languages: [String?]) async throws -> [[Float]] {
    try await pass(batch)
    state.withLock { $0.languages += languages }
    return batch.map { probabilities(of: $0) }
  }

  /// What ``embed(_:)`` answers to one row.
  func vector(of row: [Int32]) -> [Float] {
    if row.contains(Self.id("infinite")) {
      return Array(repeating: .infinity, count: info.dimensions)
    }
    return (0..<info.dimensions).map { place in
      let sum = row.reduce(0) { ($0 * 31 + Int($1) * (place + 3)) % 10_007 }
      return Float(sum) / 10_007 - 0.5
    }
  }

  /// What ``classify(_:languages:)`` answers to one row.
  func probabilities(of row: [Int32]) -> [Float] {
    let weights = info.labels.indices.map { label in
      Float(1 + row.reduce(0) { ($0 * 17 + Int($1) + label * 7) % 101 })
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The id of a word: FNV-1a, folded in between the special ids and those with a meaning here.
  static func id(_ word: some StringProtocol) -> Int32 {
    switch word {
    case "explode": return 998
    case "infinite": return 999
    default: break
    }
    let hash = word.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return Int32(3 + hash % 995)
  }

  private func pass(_ batch: [[Int32]]) async throws {
    state.withLock { $0.batches.append(batch) }
    if delayPerRow > .zero { try await Task.sleep(for: delayPerRow * batch.count) }
    await withCheckedContinuation { continuation in
      let goesOn = state.withLock { state in
        guard state.isHeld else { return true }
        state.waiting.append(continuation)
        return false
      }
      if goesOn { continuation.resume() }
    }
    if batch.contains(where: { $0.contains(Self.id("explode")) }) { throw Explosion() }
  }
}
