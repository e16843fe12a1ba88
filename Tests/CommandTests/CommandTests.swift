// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The program itself: exit statuses, streams, and one sentence for each mistake.
@Suite(.timeLimit(.minutes(60)))
struct CommandTests {
  @Test(
    "help teaches every command",
    arguments: [
      "run", "data", "base", "embed", "classify", "serve", "mine", "align-sentences",
    ])
  func help(command: String) async throws {
    let outcome = try await Program.run([command, "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("USAGE: koine \(command)"))
  }

  @Test(
    "a mistake in the data ends with 65 and one sentence",
    arguments: [
      (["run", "absent.yaml", "--output", "/tmp/koine-none"], "there is no such recipe"),
      (["classify", "--model", "/absent"], "there is no koine.json"),
      (["embed", "--base", "absent"], "there is no base 'absent'"),
      (["data", "import", "absent", "--output", "/tmp/koine-none"], "absent"),
    ])
  func dataMistakes(arguments: [String], sentence: String) async throws {
    let outcome = try await Program.run(arguments)
    #expect(outcome.status == 65)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(sentence))
    #expect(!FileManager.default.fileExists(atPath: "/tmp/koine-none"))
  }

  @Test(
    "a mistake on the command line ends with 64",
    arguments: [
      ["run", "a.yaml"], ["serve"], ["embed", "--threads", "0"], ["embed", "--device", "tpu"],
      ["embed", "--json", "--output", "x.npy"], ["fly"],
    ])
  func usageMistakes(arguments: [String]) async throws {
    #expect(try await Program.run(arguments).status == 64)
  }

  @Test("an environment variable stands for an option, and the option wins")
  func environment() async throws {
    let environment = ["KOINE_DEVICE": "tpu"]
    #expect(try await Program.run(["embed"], environment: environment).errors.contains("tpu"))
    let outcome = try await Program.run(["embed", "--device", "gpu"], environment: environment)
    #expect(outcome.errors.contains("gpu"))
  }
}
