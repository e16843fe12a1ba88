// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Foundation
import Metrics
import Reports
import Serving
import Subwords
import Tasks
import Torch
import Training
import Transfer
import Transformers
import WordVectors

/// Ends the program with one sentence and the exit status that goes with it.
enum Failure {
  /// Usage errors and requests for help are the argument parser's; everything else is told here.
  static func exit(_ error: any Error) -> Never {
    guard let status = status(of: error) else { KoineCommand.exit(withError: error) }
    Terminal.log("koine: \(sentence(error))")
    Foundation.exit(status)
  }

  /// Errors of the system come with a dictionary that nobody wants to read.
  private static func sentence(_ error: any Error) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    let path = error.filePath ?? error.url?.path
    return [path, error.localizedDescription].compactMap(\.self).joined(separator: ": ")
  }

  private static func status(of error: any Error) -> Int32? {
    switch error {
    case is AlignmentError, is CorpusError, is RecipeError, is TaskError, is TransformerError,
      is SubwordError,
      is MetricsError, is ReportsError, is WordVectorError, is TrainingError:
      EX_DATAERR
    case let error as TorchError:
      error.code == .file || error.code == .format ? EX_DATAERR : EX_SOFTWARE
    case let error as ServingError: error.code == .configuration ? EX_USAGE : EX_SOFTWARE
    case is CleanExit, is ValidationError, is ExitCode: nil
    default: error is any CustomNSError || error is CocoaError ? EX_DATAERR : nil
    }
  }
}
