// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The program that was built beside the tests, run as a user runs it.
///
/// Waiting for a process blocks a thread; Swift's own pool has as few as two, and other tests need them, so it is done on
/// threads of their own.
final class Program: @unchecked Sendable {
  // One test uses it, one call after the other, hence the unchecked conformance.

  struct Outcome: Sendable {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Where it lies.
  private static let url: URL = {
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

  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()
  private let input = Pipe()
  /// Lines of standard error that were read so far.
  private var errorLines: [String] = []

  /// Starts the program.
  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    process.executableURL = Self.url
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = input
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], input: Data = Data(), environment: [String: String] = [:]
  ) async throws -> Outcome {
    let program = try Program(arguments, environment: environment)
    let source = program.input.fileHandleForWriting
    // In the background: a program that answers as it reads would wait for us, and we for it.
    DispatchQueue.global().async {
      try? source.write(contentsOf: input)
      try? source.close()
    }
    return try await program.outcome()
  }

  /// Reads standard error until a line has `text` in it; nil when the program ends before.
  func waitForLine(containing text: String) async throws -> String? {
    try await Self.onThread { self.lineNow(containing: text) }
  }

  private func lineNow(containing text: String) -> String? {
    var pending = Data()
    while true {
      let piece = errors.fileHandleForReading.availableData
      guard !piece.isEmpty else { return nil }
      pending += piece
      while let end = pending.firstIndex(of: 10) {
        let line = String(decoding: pending[pending.startIndex..<end], as: UTF8.self)
        pending = Data(pending[pending.index(after: end)...])
        errorLines.append(line)
        if line.contains(text) { return line }
      }
    }
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end.
  func outcome() async throws -> Outcome {
    try await Self.onThread { try self.outcomeNow() }
  }

  private func outcomeNow() throws -> Outcome {
    let complaint = DispatchQueue(label: "errors")
    nonisolated(unsafe) var errorData = Data()
    let handle = errors.fileHandleForReading
    complaint.async { errorData = (try? handle.readToEnd()) ?? Data() }
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    complaint.sync {}
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: (errorLines + [String(decoding: errorData, as: UTF8.self)]).joined(separator: "\n"))
  }

  private static func onThread<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Swift.Result(catching: body)) }
    }
  }
}
