// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct VectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors",
    abstract: "Learn word vectors, of one language or of several in one space.",
    discussion: """
      Examples:
        koine vectors train --input text.txt.gz --output out/en
        koine vectors train --input en.txt=en de.txt=de --parallel en.par=en de.par=de --output out/ende
      """,
    subcommands: [
      VectorsTrainCommand.self
    ])
}
