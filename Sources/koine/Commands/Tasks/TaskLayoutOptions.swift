// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tasks

/// Options that say where a task's files have what it needs.
struct TaskLayoutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column or key of the text or query; of columns of tags the number of the word's, from 1.",
      valueName: "name"))
  var text: String?

  @Option(
    help: ArgumentHelp(
      "The column or key of the second text: a hypothesis, a passage.", valueName: "name"))
  var pair: String?

  @Option(
    help: ArgumentHelp(
      """
      The column or key of the label or score; of CoNLL-U upos, xpos, features or relation; of other \
      columns of tags its number from 1, -1 for the last.
      """, valueName: "name"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "For retrieval: a file of passages, of which each line belongs to the line of the queries.",
      valueName: "file"))
  var passages: String?

  /// The layout.
  var layout: TaskLayout {
    var layout = TaskLayout()
    (layout.text, layout.pair, layout.label, layout.passages) = (text, pair, label, passages)
    return layout
  }
}

extension TaskKind: ExpressibleByArgument {}
