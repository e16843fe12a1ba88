// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Subwords

struct SubwordsEncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Turn lines of text into ids, pieces or offsets.",
    discussion: """
      Exactly one line out for each line in. A line ends in a line feed and in nothing else; an empty line gives an
      empty line, and a last line without a line feed counts.

      Nothing is put around a line unless --add-special is given, as spm_encode has it; tokens that a model wants
      around its input (<s>, [CLS]) come with it. --max-length counts them.

      Pieces stand between spaces. Where the vocabulary marks spaces (U+2581, as SentencePiece does) no piece has
      one in it, and pieces are written as they are; for other vocabularies, and with --nbest, a backslash, space,
      tab, carriage return and line feed inside a piece are written \\\\, \\s, \\t, \\r and \\n. 'koine subwords decode
      --input pieces' reads both.

      With --nbest the ways to cut a line stand in one line, the best first, with tabs between them.

      With --sampling each line is cut in a way drawn at random, as models are trained on: for unigram vocabularies out of
      all ways or of the best few (sentencepiece's alpha and nbest_size), for BPE by passing over merges (--dropout). What
      is drawn follows from --seed and the number of the line, whatever the threads; another epoch takes another seed.

      A tiered vocabulary is used whole unless --packs names the packs that are to be used beside the core; ids stay the
      same.

      Examples:
        echo "Guten Morgen" | koine subwords encode --model spiece.model --output pieces
        koine subwords encode --model tokenizer.json --add-special --max-length 128 corpus.txt.gz > ids.txt
        echo "straw" | koine subwords encode --model spiece.model --nbest 5 --json
        koine subwords encode --model spiece.model --sampling --alpha 0.2 --seed 3 corpus.txt > epoch3.txt
        koine subwords encode --model bpe.json --dropout 0.1 --samples 4 corpus.txt
        koine subwords encode --model out/all.model --packs deu_Latn,Cyrl corpus.txt
      """)

  @Option(help: Tokenizer.modelHelp)
  var model: String

  @Option(help: "What to write.")
  var output = Output.ids

  @Flag(
    help:
      "Write an object a line, with ids, pieces, offsets and the number of tokens, or the best ways and their scores, or the samples."
  )
  var json = false

  @Option(help: "What offsets count.")
  var offsetUnit = Unit.bytes

  @Option(
    help: ArgumentHelp("Cut a line's tokens to this many at most.", valueName: "count"))
  var maxLength: Int?

  @Flag(help: "A line holds two texts with one tab between them; the longer one is cut first.")
  var pairs = false

  @Flag(help: "Put the vocabulary's special tokens around each line, or not.")
  var special = Special.noSpecial

  @Flag(
    help:
      "Leave special tokens that stand literally in a line, as text that users write may, to be text."
  )
  var plainText = false

  @Option(help: ArgumentHelp("Write this many of the best ways to cut a line.", valueName: "count"))
  var nbest: Int?

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var packs: PackOptions

  @OptionGroup var lines: LineOptions

  func validate() throws {
    if packs.tiers != nil, packs.packs == nil {
      throw ValidationError("--tiers goes with --packs; name the packs to use")
    }
    if let nbest, nbest < 1 {
      throw ValidationError("--nbest must be at least 1, found \(nbest)")
    }
    if let maxLength, maxLength < 1 {
      throw ValidationError("--max-length must be at least 1, found \(maxLength)")
    }
    if nbest != nil, sampling.isOn {
      throw ValidationError("--nbest excludes --sampling; --nbest-size draws from the best ways")
    }
    if (sampling.samples ?? 1) > 1, pairs || maxLength != nil || output == .offsets {
      throw ValidationError("--samples excludes --pairs, --max-length and --output offsets")
    }
    if nbest != nil, pairs || maxLength != nil || output == .offsets {
      throw ValidationError("--nbest excludes --pairs, --max-length and --output offsets")
    }
  }

  func run() throws {
    var options = LineEncoder.Options()
    options.format = json ? .json : output.format
    options.unit = offsetUnit.unit
    options.maximumLength = maxLength
    options.isPair = pairs
    options.addsSpecialTokens = special == .addSpecial
    options.recognizesSpecialTokens = !plainText
    let tokenizer = try packs.apply(to: Tokenizer.named(model), at: model)
    options.segmentation =
      try sampling.segmentation(for: tokenizer) ?? nbest.map { .nBest($0) } ?? .best
    let encoder = try LineEncoder(tokenizer, options)
    try lines.run { line, number, output in
      try encoder.append(line, number: number, to: &output)
    } transformAll: {
      encoder.appendLines($0, to: &$1)
    }
  }
}

extension SubwordsEncodeCommand {
  enum Output: String, ExpressibleByArgument, CaseIterable {
    case ids, pieces, offsets

    var format: LineFormat {
      switch self {
      case .ids: .ids
      case .pieces: .pieces
      case .offsets: .offsets
      }
    }
  }

  enum Unit: String, ExpressibleByArgument, CaseIterable {
    case bytes, scalars, utf16

    var unit: OffsetUnit {
      switch self {
      case .bytes: .utf8
      case .scalars: .scalars
      case .utf16: .utf16
      }
    }
  }

  enum Special: EnumerableFlag {
    case addSpecial, noSpecial
  }
}
