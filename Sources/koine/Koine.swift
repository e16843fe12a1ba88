// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
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

      Results go to standard output, progress to standard error. Options that take a value can be set
      by an environment variable too: --threads by KOINE_THREADS, and so on; --set cannot.
      Exit status: 0 success, 64 usage, 65 data, 70 internal.
      """,
    version: Koine.version,
    subcommands: [
      RunCommand.self, RankSourcesCommand.self, PretrainCommand.self, AlignCommand.self,
      TuneCommand.self, PredictCommand.self, EvaluateCommand.self, TranslateCommand.self,
      DataCommand.self, MineCommand.self, AlignSentencesCommand.self, AlignWordsCommand.self,
      SubwordsCommand.self, VectorsCommand.self, BaseCommand.self, EmbedCommand.self,
      RetrieveCommand.self, ClassifyCommand.self, ServeCommand.self,
    ])

  static func main() async {
    Self.restartWithPatientThreads()
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

  /// Starts the program anew with OpenMP's threads asleep while they wait, unless the user has decided.
  ///
  /// By default they spin, and on a machine that has anything else to do, two threads are then slower than
  /// one. OpenMP reads its settings once, when it is loaded, which is before any code of ours runs.
  private static func restartWithPatientThreads() {
    guard getenv("OMP_WAIT_POLICY") == nil, getenv("GOMP_SPINCOUNT") == nil else { return }
    setenv("OMP_WAIT_POLICY", "PASSIVE", 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    // Returns only where it fails; then the program goes on as it is.
    execv("/proc/self/exe", &arguments)
    for argument in arguments { free(argument) }
  }
}
