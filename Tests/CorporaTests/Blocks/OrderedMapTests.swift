// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import Corpora

@Suite("Ordered maps", .timeLimit(.minutes(60)))
struct OrderedMapTests {
  private struct Mistake: Error, Equatable { var place: Int }

  private func squares(
    upTo count: Int, threads: Int, failsAt: Int? = nil, endsAt: Int? = nil
  ) throws -> [Int] {
    var next = 0
    var results: [Int] = []
    do {
      try OrderedMap(threads: threads) { (number: Int) in
        // The first ones take longest, so that they would come last.
        if number % 7 == 0 { Thread.sleep(forTimeInterval: 0.002) }
        if number == failsAt { throw Mistake(place: number) }
        return number * number
      }.run(
        next: {
          if next == endsAt { throw Mistake(place: next) }
          defer { next += 1 }
          return next < count ? next : nil
        }, consume: { results.append($0) })
    } catch let error as Mistake {
      results.append(-error.place)
    }
    return results
  }

  @Test("results come in the order of the inputs with any number of threads", arguments: [1, 2, 5])
  func order(threads: Int) throws {
    #expect(try squares(upTo: 200, threads: threads) == (0..<200).map { $0 * $0 })
    #expect(try squares(upTo: 0, threads: threads).isEmpty)
  }

  @Test("what comes before a mistake is given, what comes behind it is not", arguments: [1, 3])
  func mistakes(threads: Int) throws {
    let expected = (0..<60).map { $0 * $0 } + [-60]
    #expect(try squares(upTo: 200, threads: threads, failsAt: 60) == expected)
    #expect(try squares(upTo: 200, threads: threads, endsAt: 60) == expected)
  }

  @Test("what is finished is handed on before the source is waited for")
  func slowSource() throws {
    var given = 0
    var seen: [Int] = []
    try OrderedMap(threads: 2) { (number: Int) in number }.run(
      next: {
        // The source is asked for more only when everything so far was consumed.
        seen.append(given)
        return seen.count <= 5 ? seen.count : nil
      }, isReady: { false }, consume: { _ in given += 1 })
    #expect(seen == [0, 1, 2, 3, 4, 5])
  }

  @Test("inputs are not taken far ahead of the results")
  func bounded() throws {
    var (taken, given, ahead) = (0, 0, 0)
    try OrderedMap(threads: 2) { (number: Int) in number }.run(
      next: {
        taken += 1
        ahead = max(ahead, taken - given)
        return taken <= 500 ? taken : nil
      }, consume: { _ in given += 1 })
    #expect(given == 500 && ahead <= 9)
  }
}
