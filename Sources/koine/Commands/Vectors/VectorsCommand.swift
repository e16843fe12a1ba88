// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct VectorsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors",
    abstract: "Word vectors: learn them, bring languages into one space, search and judge it.",
    discussion: """
      Files of vectors: text (.vec, packed or not), word2vec's binary, fastText's .bin and .ftz, and Koine's own
      .vectors, which opens at once whatever its size.

      Examples:
        koine vectors train --input text.txt.gz --output out/en
        koine vectors train --input en.txt=en de.txt=de --parallel en.par=en de.par=de --output out/ende
        koine vectors map --source en.vec --target it.vec --dictionary en-it.tsv --preset muse \\
          --output-source en.map.vec --output-target it.map.vec
        koine vectors evaluate --source en.map.vec --target it.map.vec --dictionary test.tsv --protocol muse --json
        koine vectors neighbors --source en.map.vec --target it.map.vec water
        koine vectors translate --source en.map.vec --target it.map.vec --mutual
        koine vectors encoder --vectors out/ende.en.bin=en out/ende.de.bin=de --text en.txt=en de.txt=de --output out/static
      """,
    subcommands: [
      VectorsTrainCommand.self,
      VectorsPredictCommand.self,
      VectorsTestCommand.self,
      VectorsQuantizeCommand.self,
      VectorsConvertCommand.self,
      VectorsMapCommand.self,
      VectorsNeighborsCommand.self,
      VectorsTranslateCommand.self,
      VectorsEvaluateCommand.self,
      VectorsPageCommand.self,
      VectorsEncoderCommand.self,
    ])
}
