// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Metrics
import Serving
import Subwords
import Tasks
import Torch
import Transfer
import Transformers

/// Ends the program with one sentence and the exit status that goes with it.
enum Failure {
  /// Usage errors and requests for help are the argument parser's; everything else is told here.
  static func exit(_ error: any Error) -> Never {
    guard let status = status(of: error) else { KoineCommand.exit(withError: error) }
    Terminal.log("koine: \(error)")
    Foundation.exit(status)
  }

  private static func status(of error: any Error) -> Int32? {
    switch error {
    case is CorpusError, is RecipeError, is TaskError, is TransformerError, is SubwordError,
      is MetricsError:
      EX_DATAERR
    case let error as TorchError:
      error.code == .file || error.code == .format ? EX_DATAERR : EX_SOFTWARE
    case let error as ServingError: error.code == .configuration ? EX_USAGE : EX_SOFTWARE
    case is CleanExit, is ValidationError, is ExitCode: nil
    default: error is any CustomNSError || error is CocoaError ? EX_DATAERR : nil
    }
  }
}

/// The terminal's two streams.
enum Terminal {
  /// A line of progress or a message, on standard error.
  static func log(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Text for standard output; the program ends when nobody reads it any more.
  static func write(_ text: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      exit(0)
    }
  }
}
