// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Transfer

/// The command line.
@main
struct KoineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "koine",
    abstract: "Cross-lingual transfer learning: label in one language, ship in two hundred.",
    discussion: """
      A first run:
        koine run Recipes/intents.yaml --output out/intents
        echo "mach das Licht an" | koine classify --model out/intents/model
        koine serve --model out/intents/model

      Results go to standard output, progress to standard error. Every option can be set by an
      environment variable too: --threads by KOINE_THREADS, and so on.
      Exit status: 0 success, 64 usage, 65 data, 70 internal.
      """,
    version: Koine.version,
    subcommands: [
      RunCommand.self, DataCommand.self, BaseCommand.self, EmbedCommand.self,
      ClassifyCommand.self, ServeCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot(Self.argumentsWithEnvironment())
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      Failure.exit(error)
    }
  }
}
