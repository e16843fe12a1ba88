// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora

/// Which columns of tables hold what is read.
struct ExampleColumnOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The column or key that holds the text.", valueName: "name"))
  var text = "text"

  @Option(
    help: ArgumentHelp(
      "The column or key that holds the label, where there is one.", valueName: "name"))
  var label = "label"

  /// A reader of these columns, of text with labels or without.
  var reader: ExampleReader {
    var reader = ExampleReader()
    (reader.textColumn, reader.labelColumn) = (text, label)
    reader.requiresLabel = false
    return reader
  }
}
