// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The program itself: exit statuses, streams, and one sentence for each mistake.
@Suite(.timeLimit(.minutes(2)))
struct CommandTests {
  private struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The program that was built beside the tests.
  private static let program: URL = {
    var folder = Bundle.main.executableURL?.deletingLastPathComponent()
    while let place = folder, place.path != "/" {
      let program = place.appendingPathComponent("koine")
      if FileManager.default.isExecutableFile(atPath: program.path) { return program }
      folder = place.deletingLastPathComponent()
    }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return root.appendingPathComponent(".build/debug/koine")
  }()

  private func koine(
    _ arguments: [String], input: Data = Data(), environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, errors, source) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = source
    try process.run()
    try? source.fileHandleForWriting.write(contentsOf: input)
    try? source.fileHandleForWriting.close()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaint, as: UTF8.self))
  }

  @Test(
    "help teaches every command", arguments: ["run", "data", "base", "embed", "classify", "serve"])
  func help(command: String) throws {
    let outcome = try koine([command, "--help"])
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
  func dataMistakes(arguments: [String], sentence: String) throws {
    let outcome = try koine(arguments)
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
  func usageMistakes(arguments: [String]) throws {
    #expect(try koine(arguments).status == 64)
  }

  @Test("an environment variable stands for an option, and the option wins")
  func environment() throws {
    let environment = ["KOINE_DEVICE": "tpu"]
    #expect(try koine(["embed"], environment: environment).errors.contains("tpu"))
    let outcome = try koine(["embed", "--device", "gpu"], environment: environment)
    #expect(outcome.errors.contains("gpu"))
  }
}
