// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import WordVectors

/// How the nearest are found, for every command that looks for them in another language.
struct RetrievalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How scores are made: nn (cosine), csls, softmax (inverted) or margin (ratio). Words are compared by csls, texts by nn, unless it is given.",
      valueName: "name"))
  var retrieval: String?

  @Option(
    help: ArgumentHelp(
      "Neighbours of CSLS and of margins; by default 10 and 4.", valueName: "count"))
  var neighbors: Int?

  @Option(help: ArgumentHelp("The inverted softmax's sharpness.", valueName: "number"))
  var inverseTemperature: Float = 10

  func validate() throws {
    if let retrieval, Retrieval(named: retrieval) == nil {
      let names = Retrieval.names.joined(separator: ", ")
      throw ValidationError("--retrieval must be one of \(names), found '\(retrieval)'")
    }
    if let neighbors, neighbors < 1 {
      throw ValidationError("--neighbors must be at least 1, found \(neighbors)")
    }
    guard inverseTemperature > 0 else {
      throw ValidationError("--inverse-temperature must be above 0, found \(inverseTemperature)")
    }
  }

  /// The method that is named, else `standard`.
  func method(standard: String) -> Retrieval {
    Retrieval(
      named: retrieval ?? standard, neighbors: neighbors, inverseTemperature: inverseTemperature)
  }
}
