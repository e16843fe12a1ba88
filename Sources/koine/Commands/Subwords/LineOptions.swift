// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords

extension LineBlock.Invalid: ExpressibleByArgument {}

/// Options of the commands that turn lines into lines.
struct LineOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files, one after another; '-' is standard input, and .gz is unpacked.", valueName: "files"))
  var files: [String] = ["-"]

  @Option(
    help: ArgumentHelp(
      "What becomes of bytes that are not UTF-8: an error that names the line, or U+FFFD.",
      valueName: "stop|replace"))
  var invalid = LineBlock.Invalid.stop

  @Option(help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
  }

  /// Writes what `transform` makes of each line, in the order of the lines.
  ///
  /// - Parameters:
  ///   - transform: its second argument is the number of the line, from 1 and through all files.
  ///   - transformAll: does the same for many lines at once, or returns false where it cannot.
  func run(
    _ transform: @escaping @Sendable (String, Int, inout [UInt8]) throws -> Void,
    transformAll: @escaping @Sendable ([UInt8], inout [UInt8]) -> Bool = { _, _ in false }
  ) throws {
    let invalid = invalid
    let reader = try LineBlockReader(files)
    try OrderedMap(threads: threads) { (block: LineBlock) in
      var output: [UInt8] = []
      if transformAll(block.bytes, &output) { return output }
      try block.forEachLine(invalid: invalid) { line, number in
        do {
          try transform(line, block.precedingLines + number - block.firstLine + 1, &output)
        } catch var error as SubwordError {
          error.location = "\(block.file):\(number)"
          throw error
        }
      }
      return output
    }.run(next: reader.next, isReady: { reader.isReady }) { output in
      Terminal.write(output)
    }
  }
}
