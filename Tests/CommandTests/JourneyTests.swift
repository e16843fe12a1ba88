// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What a user does from a recipe to a served model, on a tiny encoder and tiny data.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct JourneyTests {
  private let world: TinyWorld
  private let recipe: URL

  init() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run { try TinyWorld.makeModel(in: folder) }
    try world.write(
      world.recipe(
        "[{name: frozen}, {name: tuned, center: language, tuning: {layers: 1, epochs: 300, batchSize: 2}}]"
      ),
      "tiny.yaml")
    self.world = world
    recipe = folder.appendingPathComponent("tiny.yaml")
  }

  private func path(_ name: String) -> String { world.folder.appendingPathComponent(name).path }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: world.folder.appendingPathComponent(name))
  }

  private let settings = ["--threads", "1"]

  @Test("a run that was killed goes on where it was, and ends with the same bytes")
  func resumesAfterKill() async throws {
    let whole = try await Program.run(["run", recipe.path, "--output", path("whole")] + settings)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.output.contains("mean of others"))

    let killed = try Program(["run", recipe.path, "--output", path("killed")] + settings)
    try #require(try await killed.waitForLine(containing: "tuned: epoch 2 ") != nil)
    killed.send(SIGKILL)
    #expect(try await killed.outcome().status == SIGKILL)
    #expect(!FileManager.default.fileExists(atPath: path("killed/results.json")))
    #expect(!FileManager.default.fileExists(atPath: path("killed/methods/tuned")))

    let resumed = try await Program.run(
      ["run", recipe.path, "--output", path("killed")] + settings)
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("features: there already"))
    for file in ["results.json", "model/model.safetensors", "model/classifier.safetensors"] {
      #expect(try bytes("whole/\(file)") == bytes("killed/\(file)"), "\(file)")
    }
  }

  @Test("a model classifies, embeds and serves, and SIGTERM ends the server in peace")
  func serves() async throws {
    let run = try await Program.run(
      ["run", recipe.path, "--output", path("out"), "--set", "keep=frozen"] + settings)
    try #require(run.status == 0, "\(run.errors)")
    let model = path("out/model")

    let lines = Data("aa sun sea\nbb ice snow\n".utf8)
    let labels = try await Program.run(["classify", "--model", model], input: lines).output
    #expect(labels.split(separator: "\n").map { $0.split(separator: "\t")[0] } == ["warm", "cold"])
    let vectors = try await Program.run(["embed", "--model", model, "--json"], input: lines).output
    #expect(vectors.split(separator: "\n").count == 2 && vectors.contains("\"embedding\""))

    let server = try Program(["serve", "--model", model, "--port", "0"])
    let line = try #require(try await server.waitForLine(containing: "http://"))
    let address = try #require(line.firstMatch(of: /http:\/\/[0-9.:]+/)).0
    let health = try #require(URL(string: "\(address)/health"))
    for _ in 0..<300 {
      let answer = try await URLSession.shared.data(from: health)
      if (answer.1 as? HTTPURLResponse)?.statusCode == 200 { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    let url = try #require(URL(string: "\(address)/predict"))
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.httpBody = Data(#"{"inputs": ["aa sun sea", "bb ice snow"]}"#.utf8)
    let (answer, response) = try await URLSession.shared.data(for: request)
    #expect((response as? HTTPURLResponse)?.statusCode == 200)
    let text = String(decoding: answer, as: UTF8.self)
    #expect(text.contains("warm") && text.contains("cold"))
    server.send(SIGTERM)
    #expect(try await server.outcome().status == 0)
  }

  @Test("text that is not UTF-8 is refused with its line, a line of a megabyte is cut, not refused")
  func strangeText() async throws {
    let bad = Data("aa sun\n".utf8) + Data([0xFF, 0xFE, 0x0A])
    let refused = try await Program.run(
      ["embed", "--base", world.model.path, "--prefix", "none"], input: bad)
    #expect(refused.status == 65 && refused.errors.contains("standard input:2"))
    let long = Data(String(repeating: "sun ", count: 250_000).utf8) + Data("\n".utf8)
    let cut = try await Program.run(
      ["embed", "--base", world.model.path, "--prefix", "none", "--json"], input: long)
    #expect(cut.status == 0, "\(cut.errors)")
    #expect(cut.output.split(separator: "\n").count == 1)
  }

  @Test("a truncated checkpoint is named, and nothing is left behind")
  func truncatedCheckpoint() async throws {
    let weights = world.model.appendingPathComponent("model.safetensors")
    try Data(contentsOf: weights).prefix(2000).write(to: weights)
    let outcome = try await Program.run(["run", recipe.path, "--output", path("out")] + settings)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("model.safetensors"))
    #expect(!FileManager.default.fileExists(atPath: path("out/features")))
  }

  /// A file system of sixteen kilobytes; nil where this user may not mount one.
  private func smallDisk() throws -> String? {
    let folder = path("disk")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let mount = Process()
    mount.executableURL = URL(fileURLWithPath: "/bin/mount")
    mount.arguments = ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder]
    mount.standardError = Pipe()
    guard (try? mount.run()) != nil else { return nil }
    mount.waitUntilExit()
    return mount.terminationStatus == 0 ? folder : nil
  }

  @Test("a full disk ends a run with one sentence, and with nothing half-written")
  func fullDisk() async throws {
    guard let disk = try smallDisk() else {
      print("skipped: no right to mount a small file system here")
      return
    }
    defer {
      let unmount = Process()
      unmount.executableURL = URL(fileURLWithPath: "/bin/umount")
      unmount.arguments = [disk]
      try? unmount.run()
      unmount.waitUntilExit()
    }
    let outcome = try await Program.run(["run", recipe.path, "--output", "\(disk)/out"] + settings)
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.lowercased().contains("space"))
    for name in ["features", "results.json", "model", "report.html"] {
      #expect(!FileManager.default.fileExists(atPath: "\(disk)/out/\(name)"), "\(name)")
    }
    let lines = Data(String(repeating: "aa sun\n", count: 3000).utf8)
    let vectors = try await Program.run(
      ["embed", "--base", world.model.path, "--output", "\(disk)/vectors.npy"], input: lines)
    #expect(vectors.status == 65)
    #expect(!FileManager.default.fileExists(atPath: "\(disk)/vectors.npy"))
  }
}
