// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Subwords

extension LineDecoder.Input: ExpressibleByArgument {}

struct SubwordsDecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Turn lines of ids or pieces back into text.",
    discussion: """
      Exactly one line out for each line in. Special tokens leave no trace unless --keep-special is given; a line feed
      that a text holds becomes a space.

      Example:
        koine subwords encode --model spiece.model < in.txt | koine subwords decode --model spiece.model
      """)

  @Option(help: Tokenizer.modelHelp)
  var model: String

  @Option(
    help:
      "What the lines hold: ids, or pieces as 'koine subwords encode --output pieces' writes them.")
  var input = LineDecoder.Input.ids

  @Flag(help: "Write special tokens as they are spelled.")
  var keepSpecial = false

  @OptionGroup var lines: LineOptions

  func run() throws {
    let decoder = LineDecoder(
      try Tokenizer.named(model), input: input, skipsSpecialTokens: !keepSpecial)
    try lines.run { line, _, output in try decoder.append(line, to: &output) }
  }
}
