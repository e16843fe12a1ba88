// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Another program, run for its output or its effect.
final class ChildProcess {
  /// What the program prints.
  let output: FileHandle

  private let program: String
  private let process = Process()
  private let log: URL

  /// Starts a program that is looked up in `PATH`; nothing is read from standard input.
  ///
  /// - Throws: `CorpusError.Code.program` where it is not installed; `hint` then says how to get it.
  init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    hint: String = "install it and try again"
  ) throws(CorpusError) {
    self.program = program
    guard let executable = Self.find(program) else {
      throw CorpusError(.program, "the program '\(program)' is not installed", hint: hint)
    }
    let pipe = Pipe()
    output = pipe.fileHandleForReading
    // Errors go to a file: a pipe that nobody empties would block the program.
    log = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString).log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    do {
      process.standardError = try FileHandle(forWritingTo: log)
      try process.run()
    } catch {
      try? FileManager.default.removeItem(at: log)
      throw CorpusError(.program, "the program '\(program)' cannot be started", found: "\(error)")
    }
  }

  deinit {
    if process.isRunning {
      process.terminate()
      process.waitUntilExit()
    }
    try? FileManager.default.removeItem(at: log)
  }

  /// Waits for the end.
  ///
  /// - Throws: `CorpusError.Code.program` with the program's last words where its status is not 0.
  func finish() throws(CorpusError) {
    process.waitUntilExit()
    guard process.terminationStatus != 0 else { return }
    throw CorpusError(
      .program, "'\(program)' failed with status \(process.terminationStatus)", found: lastWords)
  }

  /// Runs a program to its end, whatever it prints.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    hint: String = "install it and try again"
  ) throws(CorpusError) {
    let child = try ChildProcess(program, arguments, environment: environment, hint: hint)
    do {
      while let piece = try child.output.read(upToCount: 1 << 16), !piece.isEmpty {}
    } catch {
      throw CorpusError(.program, "what '\(program)' prints cannot be read", found: "\(error)")
    }
    try child.finish()
  }

  private var lastWords: String {
    let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    let lines = text.split(whereSeparator: \.isNewline).suffix(3)
    return lines.isEmpty ? "no message" : "'\(lines.joined(separator: " | "))'"
  }

  /// Where a program is, looked up in `PATH`; nil where it is not installed.
  static func find(_ program: String) -> URL? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").map {
      URL(fileURLWithPath: String($0)).appendingPathComponent(program)
    }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
