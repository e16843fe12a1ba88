// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tasks
import Torch
import Transfer

struct BaseMergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract:
      "Make a base of an encoder and adapters: as fast as without them, wherever a base is taken.",
    discussion: """
      What LoRA and (IA)³ change is added to the weights themselves. The output is a Hugging Face directory as any other base is, and
      says the same as the encoder with the adapters below, up to rounding. Bottlenecks and prefixes cannot be merged; --below takes
      those as they are.

      Examples:
        koine base merge --below out/topics/adapters/task --output bases/topics
        koine run Recipes/topics.yaml --output out/merged --set base.model=bases/topics
      """)

  @Option(
    help: ArgumentHelp(
      "A name that 'koine base list' knows, or a Hugging Face directory of a BERT or XLM-R encoder.",
      valueName: "name or folder"))
  var base = "e5-small"

  @Option(
    help: ArgumentHelp(
      "An adapter of the base, as koine or peft saves them; may be repeated, the lowest first.",
      valueName: "folder"))
  var below: [String] = []

  @Option(help: ArgumentHelp("The folder for the new base.", valueName: "folder"))
  var output: String

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard !below.isEmpty else {
      throw ValidationError("--below is missing: name the folder of at least one adapter")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.merge() }
  }

  private func merge() throws {
    let folder = URL(fileURLWithPath: output)
    try BaseModels.check(place: folder, base: base, beside: below)
    let encoder = try BaseModels.encoder(base) { Terminal.log($0) }
    try LowerAdapters(below).merge(into: encoder)
    try encoder.write(to: folder)
    Terminal.log("\(output): \(base) with \(below.joined(separator: ", "))")
  }
}
