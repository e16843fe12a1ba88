// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Subwords
@testable import WordVectors

/// Small valid files for each reader to begin with.
enum ReaderSeeds {
  private static let words = ["a", "ab", "the", "中é", "aa", "b①", "ﬁ2024", "👍🏽"]

  static func write(to folder: URL) throws {
    for reader in ReaderFuzzer.allCases {
      let place = folder.appendingPathComponent(reader.rawValue)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for (number, file) in try files(for: reader).enumerated() {
        try Data(file).write(to: place.appendingPathComponent("seed\(number)"))
      }
    }
  }

  private static func files(for reader: ReaderFuzzer) throws -> [[UInt8]] {
    switch reader {
    case .model:
      var files = [try Fixtures.sentencePiece(), try Fixtures.sentencePiece(byteFallback: false)]
      for seed in 0..<12 {
        var made = MadeVocabulary(words: words, size: 6, seed: UInt64(seed))
        files.append(try made.sentencePiece().serialized)
      }
      return files
    case .json:
      var files = try [Fixtures.xlmRoberta(), bert()].map { try $0.json.serialized }
      for seed in 0..<4 {
        var made = MadeVocabulary(words: words, size: 6, seed: UInt64(seed))
        files.append(try made.metaspace().json.serialized)
      }
      return files + stages.map { Array($0.utf8) }
    case .vocab: return [Array(bertPieces.joined(separator: "\n").utf8)]
    case .tiers:
      let tokenizer = try Tokenizer(Fixtures.xlmRoberta())
      let pieces = tokenizer.piecesByID
      let packs = [(8, 4), (12, pieces.count - 12)].map {
        VocabularyTiers.Pack(
          name: "p\($0.0)", languages: ["deu_Latn"], first: $0.0, count: $0.1, version: 1)
      }
      let tiers = VocabularyTiers(core: 8, packs: packs, pieces: pieces)
      return [Array(try JSONEncoder().encode(tiers))]
    case .vectors:
      var files = [[UInt8]]()
      for loss in [ModelArguments.Loss.softmax, .hierarchicalSoftmax] {
        var trainer = TinyModel.trainer(loss: loss)
        trainer.arguments.dimension = 4
        trainer.arguments.buckets = 300
        let store = try LineStore()
        for line in TinyModel.lines.prefix(60) { try store.append(line) }
        let model = try trainer.train(store)
        files.append(try TinyModel.bytes(of: model))
        files.append(try TinyModel.bytes(of: model.quantized(keptRows: 260)))
      }
      return files
    }
  }

  private static let bertPieces = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b", "the", "中",
  ]
  private static func bert() throws -> TokenizerConfiguration {
    try TokenizerConfiguration(bertPieces: bertPieces, lowercases: true)
  }

  private static let stages = [
    #"""
    {"added_tokens":[{"id":9,"content":"<s>","single_word":true,"lstrip":true,"rstrip":true,"normalized":true,"special":true}],
    "normalizer":{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"},{"type":"StripAccents"},{"type":"Nmt"},
    {"type":"Replace","pattern":{"Regex":"[\\p{L}&&[^a]]+(?=b|$)"},"content":"x"},{"type":"Prepend","prepend":"_"},
    {"type":"Strip","strip_left":true,"strip_right":true}]},
    "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"'s|\\p{L}+| ?\\d{1,3}|\\s+(?!\\S)"},
    "behavior":"Isolated","invert":false},{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"MergedWithNext"},
    {"type":"CharDelimiterSplit","delimiter":"x"},{"type":"FixedLength","length":5},{"type":"UnicodeScripts"},
    {"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}]},
    "model":{"type":"BPE","dropout":null,"unk_token":"u","continuing_subword_prefix":null,"end_of_word_suffix":null,
    "fuse_unk":true,"byte_fallback":false,"ignore_merges":true,"vocab":{"u":0,"a":1,"b":2,"ab":3,"Ġ":4,"Ġa":5,"x":6,"xx":7},
    "merges":["a b",["Ġ","a"],"x x"]},
    "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
    "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
    "special_tokens":{"<s>":{"id":"<s>","ids":[9],"tokens":["<s>"]}}},
    "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"_"},"content":" "},{"type":"ByteFallback"},
    {"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0},{"type":"BPEDecoder","suffix":"w"},{"type":"CTC",
    "pad_token":"p","word_delimiter_token":"|","cleanup":true}]},
    "truncation":{"direction":"Left","max_length":12,"strategy":"OnlyFirst","stride":2},
    "padding":{"strategy":{"Fixed":16},"direction":"Right","pad_to_multiple_of":8,"pad_id":0,"pad_type_id":0,"pad_token":"u"}}
    """#,
    #"""
    {"pre_tokenizer":{"type":"Whitespace"},"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":1,"the":2}},
    "post_processor":{"type":"Sequence","processors":[{"type":"RobertaProcessing","sep":["a",1],"cls":["u",0],"trim_offsets":true,
    "add_prefix_space":true},{"type":"ByteLevel"}]},"decoder":{"type":"WordPiece","prefix":"##","cleanup":true}}
    """#,
    #"""
    {"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
    "pre_tokenizer":{"type":"BertPreTokenizer"},"model":{"type":"WordPiece","unk_token":"u","continuing_subword_prefix":"##",
    "max_input_chars_per_word":9,"vocab":{"u":0,"a":1,"##b":2,"s":3}},"post_processor":{"type":"BertProcessing","sep":["s",3],
    "cls":["u",0]}}
    """#,
    #"""
    {"model":{"type":"BPE","continuing_subword_prefix":"#","end_of_word_suffix":"w","byte_fallback":true,"unk_token":"u",
    "vocab":{"u":0,"a":1,"#b":2,"ab":3,"#bw":4,"<0x41>":5},"merges":["a #b"]},"pre_tokenizer":{"type":"WhitespaceSplit"}}
    """#,
  ]
}
