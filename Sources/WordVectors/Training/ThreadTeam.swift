// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Threads that all run at once, which a pool does not promise.
enum ThreadTeam {
  /// Calls `body` on so many threads, the caller's among them, and waits until all are done.
  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 1..<max(count, 1) {
      group.enter()
      let thread = Thread {
        body(index)
        group.leave()
      }
      thread.stackSize = 1 << 20
      thread.start()
    }
    body(0)
    group.wait()
  }
}

/// A place where threads wait until all of them have come, again and again.
final class MeetingPoint: Sendable {
  /// Looks before a waiting thread gives its processor to another, and how often it does before it sleeps between looks: on a
  /// machine with other work, the one that is waited for may need that very processor.
  private static let patience = (looks: 2000, yields: 50)

  private let count: Int
  private let arrived = Atomic(0)
  private let meetings = Atomic(0)

  init(_ count: Int) { self.count = count }

  /// Returns when all have called it; what they wrote before is then seen by all.
  func wait() {
    guard count > 1 else { return }
    let meeting = meetings.load(ordering: .acquiring)
    guard arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue < count else {
      arrived.store(0, ordering: .relaxed)
      meetings.store(meeting + 1, ordering: .releasing)
      return
    }
    var looks = 0
    while meetings.load(ordering: .acquiring) == meeting {
      looks += 1
      guard looks > Self.patience.looks else { continue }
      if looks < Self.patience.looks + Self.patience.yields { sched_yield() } else { usleep(20) }
    }
  }
}
