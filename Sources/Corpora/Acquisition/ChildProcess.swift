// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Another program, run for its output.
struct ChildProcess {
  let program: String
  let arguments: [String]

  init(_ program: String, _ arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  /// Runs to the end; an exit that is not 0 is an error with the program's last words.
  func run() throws {
    try streamOutput { handle in
      while let piece = try handle.read(upToCount: 1 << 16), !piece.isEmpty {}
    }
  }

  /// Runs, handing over what it prints while it does.
  func streamOutput(_ body: (FileHandle) throws -> Void) throws {
    guard let executable = Self.find(program) else {
      throw CorpusError(
        .program, "the program '\(program)' is not installed; install it and try again")
    }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    // Errors go to a file: a pipe that nobody empties would block the program.
    let errors = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString).log")
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    do {
      try body(output.fileHandleForReading)
    } catch {
      process.terminate()
      process.waitUntilExit()
      throw error
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let text = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
      let last = text.split(separator: "\n").suffix(3).joined(separator: " | ")
      throw CorpusError(
        .program, "'\(program)' failed with status \(process.terminationStatus): \(last)")
    }
  }

  private static func find(_ program: String) -> URL? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").map {
      URL(fileURLWithPath: String($0)).appendingPathComponent(program)
    }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
