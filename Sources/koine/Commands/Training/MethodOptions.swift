// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Training

/// Options that say what moves.
struct MethodOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What moves beside the head: head (nothing), top (the last layers), full, biases, lora, ia3, prefix, \
      pfeiffer, houlsby (bottlenecks) or language (a language's adapter); by default lora, in pretraining language.
      """, valueName: "method"))
  var method: TuningChoice.Kind?

  @Option(help: ArgumentHelp("How many of the last layers 'top' moves.", valueName: "count"))
  var layers = 4

  @Option(help: ArgumentHelp("The rank of LoRA's changes.", valueName: "count"))
  var rank = 8

  @Option(
    help: ArgumentHelp("What LoRA's changes are multiplied by, over the rank.", valueName: "number")
  )
  var alpha = 16.0

  @Option(
    help: ArgumentHelp(
      "The linear maps that LoRA changes, between commas, or 'all'; by default queries and values.",
      valueName: "names"))
  var targets: String?

  @Option(
    help: ArgumentHelp(
      "The body's width over a bottleneck's; by default 16, of a language's adapter 2.",
      valueName: "number"))
  var reduction: Double?

  @Option(help: ArgumentHelp("Virtual tokens of a prefix.", valueName: "count"))
  var prefixLength = 20

  @Option(
    help: ArgumentHelp(
      "An adapter below what is trained, which stays as it is, as a language's (MAD-X); may be repeated.",
      valueName: "folder"))
  var below: [String] = []

  /// What moves, where it was not said one kind.
  func choice(default kind: TuningChoice.Kind) -> TuningChoice {
    var choice = TuningChoice(method ?? kind)
    (choice.layers, choice.rank, choice.alpha) = (layers, rank, alpha)
    if let reduction { choice.reductionFactor = reduction }
    choice.prefixLength = prefixLength
    choice.targets = targets.map { $0.split(separator: ",").map(String.init) } ?? []
    return choice
  }

  func validate() throws {
    guard layers > 0, rank > 0, prefixLength > 0 else {
      throw ValidationError("--layers, --rank and --prefix-length must be above 0")
    }
    guard reduction ?? 1 >= 0.01 else {
      throw ValidationError("--reduction must be at least 0.01, found \(reduction ?? 0)")
    }
  }
}

extension TuningChoice.Kind: ExpressibleByArgument {}
