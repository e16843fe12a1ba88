// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import WordVectors

struct VectorsConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write vectors in another format.",
    discussion: """
      The format that is read is told from the file. That which is written follows from the name: .vec or .txt (and
      .vec.gz) is text, .bin word2vec's binary file, .vectors Koine's own, which opens at once. Of a fastText model the words
      are written, each with the mean of its row and those of its n-grams.

      Faults are refused with the line they stand in; --faults skip passes over them and says how many there were.

      Examples:
        koine vectors convert --input cc.sw.300.vec.gz --output sw.vectors
        koine vectors convert --input model.bin --output model.vec --max-words 200000
      """)

  @Option(help: ArgumentHelp("The vectors; '-' is standard input.", valueName: "file"))
  var input: String

  @Option(help: ArgumentHelp("The file to write; '-' is standard output.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("The format to write: text, word2vec or mapped.", valueName: "format"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Digits behind the point in text; as many as name the number where it is left out.",
      valueName: "count"))
  var decimals: Int?

  @OptionGroup var files: VectorFileOptions

  func validate() throws {
    let format = try VectorFileOptions.format(format, for: output)
    if output.hasSuffix(".gz"), format != .text {
      throw ValidationError("only text can be packed; write it without .gz")
    }
    if let decimals, !(0...17).contains(decimals) {
      throw ValidationError("--decimals must be from 0 to 17, found \(decimals)")
    }
  }

  func run() throws {
    let table = try files.table(input)
    let format = try VectorFileOptions.format(format, for: output)
    try VectorFileOptions.write(output) { sink in
      try table.write(format, decimals: decimals, to: sink)
    }
    Terminal.log("\(table.count) vectors of \(table.dimension) numbers: \(output)")
  }
}
