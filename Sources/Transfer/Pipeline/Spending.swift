// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What each stage took, kept beside the results: it varies, so it goes into the report and nowhere else.
struct Spending {
  /// One stage's time and memory.
  struct Entry: Codable, Equatable {
    /// Wall time.
    var seconds: Double
    /// Time on processors, all threads together.
    var cpuSeconds: Double
    /// The most memory that the process had held by the stage's end, in bytes.
    var peakMemory: Int
  }

  private(set) var entries: [String: Entry]
  private let file: URL

  /// What earlier runs in the folder noted.
  init(_ output: URL) {
    file = output.appendingPathComponent("spending.json")
    let data = try? Data(contentsOf: file)
    entries = data.flatMap { try? JSONDecoder().decode([String: Entry].self, from: $0) } ?? [:]
  }

  /// Runs a stage; one that was there already keeps what it took when it ran.
  mutating func measure<Result>(
    _ stage: String, by runner: StageRunner, _ body: () throws -> Result
  ) throws -> Result {
    let (start, cpu) = (Date(), ProcessUsage.cpuSeconds)
    let result = try body()
    let entry = Entry(
      seconds: Date().timeIntervalSince(start), cpuSeconds: ProcessUsage.cpuSeconds - cpu,
      peakMemory: ProcessUsage.peakMemory)
    if runner.history.ran.contains(stage) || entries[stage] == nil { entries[stage] = entry }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(entries).write(to: file, options: .atomic)
    return result
  }
}
