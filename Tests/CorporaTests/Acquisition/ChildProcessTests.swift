// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("ChildProcess")
struct ChildProcessTests {
  @Test("hands over what the program prints, however much")
  func output() throws {
    let child = try ChildProcess("seq", ["1", "200000"])
    let data = child.output.readDataToEndOfFile()
    try child.finish()
    #expect(data.count == 1_288_895)
    #expect(data.suffix(7) == Data("200000\n".utf8))
  }

  @Test("is not blocked by a program that complains at length")
  func complaints() throws {
    try ChildProcess.run("sh", ["-c", "seq 1 100000 >&2"])
  }

  @Test("tells a failure by the program's last words")
  func failure() {
    let error = #expect(throws: CorpusError.self) {
      try ChildProcess.run("sh", ["-c", "echo out; echo first >&2; echo the reason >&2; exit 3"])
    }
    #expect(error?.code == .program)
    #expect(error?.message == "'sh' failed with status 3")
    #expect(error?.found == "'first | the reason'")
  }

  @Test("says how to get a program that is missing")
  func missing() {
    #expect(
      throws: CorpusError(
        .program, "the program 'no-such-program' is not installed", hint: "install it and try again"
      )
    ) { try ChildProcess.run("no-such-program", []) }
  }

  @Test("gives the program variables of its own")
  func environment() throws {
    try ChildProcess.run(
      "sh", ["-c", "test \"$KOINE_TEST\" = 1"], environment: ["KOINE_TEST": "1"])
  }
}
