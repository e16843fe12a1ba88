// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch
import WordVectors

@testable import CrossLingual

/// Whether `Scripts/faiss` has been run, so that an index can be made.
private let hasLibrary = (try? IndexLibrary()) != nil
private let without: Comment = "Scripts/faiss has not been run"

@Suite(.serialized, .timeLimit(.minutes(60)))
struct InvertedListsTests {
  /// Rows around a few centres; those of one number on both sides are nearest to each other.
  private func sides(
    count: Int, centers: Int = 40, width: Int = 24
  ) -> (source: VectorMatrix, target: VectorMatrix) {
    var generator = SplitMix(seed: 11)
    func rows(_ count: Int) -> [[Float]] {
      (0..<count).map { _ in
        (0..<width).map { _ in Float(generator.next() >> 40) / 0x1p24 - 0.5 }
      }
    }
    func sum(_ first: [Float], _ second: [Float], _ share: Float) -> [Float] {
      zip(first, second).map { $0 + share * $1 }
    }
    let middles = rows(centers)
    let shared = rows(count).enumerated().map { sum(middles[$0.offset % centers], $0.element, 0.7) }
    let noise = (rows(count), rows(count))
    return (
      VectorMatrix(zip(shared, noise.0).map { sum($0, $1, 0.2) }),
      VectorMatrix(zip(shared, noise.1).map { sum($0, $1, 0.2) })
    )
  }

  private func candidates(
    _ source: BitextMiner.Side, _ target: BitextMiner.Side, _ index: InvertedLists?,
    threads: Int = 1, progress: (Int) -> Void = { _ in }
  ) throws -> MiningCandidates {
    var miner = BitextMiner()
    miner.index = index
    return try miner.candidates(source, target, threads: threads, progress: progress)
  }

  @Test(
    "with all lists looked through, the pairs are those of the exact search",
    .enabled(if: hasLibrary, without), arguments: [1, 2])
  func whole(_ threads: Int) async throws {
    let (source, target) = sides(count: 700)
    let rows = Array(stride(from: 0, to: 700, by: 2))
    try await Compute.run {
      try Engine.withThreads(threads) {
        for side in [BitextMiner.Side(source), .init(source, rows: rows)] {
          var done = 0
          let exact = try candidates(side, .init(target), nil)
          let found = try candidates(
            side, .init(target), .init(lists: 12, probes: 12), threads: threads
          ) { done += $0 }
          #expect(done == 2 * (side.count + 700))
          for choice in MarginMining.Choice.allCases {
            let (pairs, expected) = (found.pairs(choice), exact.pairs(choice))
            #expect(!expected.isEmpty)
            #expect(
              Set(pairs.map { [$0.source, $0.target] })
                == Set(expected.map { [$0.source, $0.target] }))
            #expect(zip(pairs, expected).allSatisfy { abs($0.score - $1.score) < 1e-4 })
          }
        }
      }
    }
  }

  @Test(
    "with some of the lists, nearly all pairs are found", .enabled(if: hasLibrary, without))
  func recall() async throws {
    let (source, target) = sides(count: 3000)
    try await Compute.run {
      try Engine.withThreads(1) {
        let exact = Set(
          try candidates(.init(source), .init(target), nil).pairs().map { [$0.source, $0.target] })
        let found = Set(
          try candidates(.init(source), .init(target), .init(lists: 60, probes: 8)).pairs()
            .map { [$0.source, $0.target] })
        let shared = exact.intersection(found).count
        #expect(Double(shared) >= 0.95 * Double(exact.count), "\(shared) of \(exact.count)")
      }
    }
  }

  @Test(
    "the engine's products and the index share a process, and its threads stay as they were",
    .enabled(if: hasLibrary, without))
  func besideTheEngine() async throws {
    let (source, target) = sides(count: 900)
    try await Compute.run {
      try Engine.withThreads(2) {
        var miner = BitextMiner()
        let before = try miner.candidates(
          .init(source), .init(target), engine: TensorMatrixEngine(), threads: 2
        ).pairs()
        miner.index = InvertedLists(lists: 20, probes: 20)
        _ = try miner.candidates(.init(source), .init(target), threads: 1)
        #expect(Engine.threadCount == 2)
        miner.index = nil
        let after = try miner.candidates(
          .init(source), .init(target), engine: TensorMatrixEngine(), threads: 2
        ).pairs()
        #expect(before == after)
      }
    }
  }

  @Test("a row of zeros has no partner by an index either", .enabled(if: hasLibrary, without))
  func zeros() async throws {
    let source = VectorMatrix([[1, 0], [0, 0], [0, 1]])
    let target = VectorMatrix([[0, 0], [0, 2], [-1, 0.1]])
    try await Compute.run {
      try Engine.withThreads(1) {
        let found = try candidates(.init(source), .init(target), .init())
        #expect(found.pairs(.forward).map(\.source) == [0, 2])
        #expect(found.pairs().allSatisfy { $0.source != 1 && $0.target != 0 })
      }
    }
  }

  @Test("lists and probes are as many as the rows bear, and what could not be had is said")
  func counts() {
    #expect(InvertedLists().lists(for: 1_000_000) == 4000)
    #expect(InvertedLists().lists(for: 100) == 2)
    #expect(InvertedLists().lists(for: 5) == 1)
    #expect(InvertedLists().probes(for: 1_000_000) == 32)
    #expect(InvertedLists(lists: 7, probes: 9).probes(for: 1000) == 7)
    let text = InvertedLists(lists: 100, probes: 8).description(for: 390, named: "targets")
    #expect(text.contains("10 lists for 390 targets"))
    #expect(text.contains("100 lists need 3900 texts, 39 for each"))
    #expect(
      !InvertedLists(lists: 10).description(for: 390, named: "targets").contains("need"))
  }

  @Test("settings that make no index are refused, and so is a library that is not one")
  func refusals() throws {
    let rows = BitextMiner.Side(VectorMatrix([[1, 0]]))
    for index in [InvertedLists(lists: 0), .init(probes: 0)] {
      #expect(throws: WordVectorError.self) { try candidates(rows, rows, index) }
    }
    #expect {
      try IndexLibrary(path: "/nowhere/libkoine-faiss.so")
    } throws: {
      "\($0)".contains(
        "/nowhere/libkoine-faiss.so: the library of --index ivf is not here; run Scripts/faiss")
    }
    #expect {
      try IndexLibrary(path: #filePath)
    } throws: {
      "\($0)".contains("cannot be loaded") && "\($0)".contains("run Scripts/faiss")
    }
  }
}
