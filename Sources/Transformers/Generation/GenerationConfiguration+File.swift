// SPDX-License-Identifier: Apache-2.0

import Foundation

extension GenerationConfiguration {
  /// The settings in a directory's `generation_config.json`; what it leaves out is looked for in `config.json`.
  public init(directory: URL) throws {
    self.init()
    for name in ["config.json", "generation_config.json"] {
      let url = directory.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: url.path) else { continue }
      try apply(ConfigurationFile(contentsOf: url).decoded(as: Fields.self))
    }
  }

  private mutating func apply(_ fields: Fields) {
    if let length = fields.max_length { maxNewTokens = max(1, length - 1) }
    if let length = fields.max_new_tokens { maxNewTokens = length }
    if let length = fields.min_length { minNewTokens = max(0, length - 1) }
    if let length = fields.min_new_tokens { minNewTokens = length }
    beamCount = fields.num_beams ?? beamCount
    lengthPenalty = fields.length_penalty ?? lengthPenalty
    earlyStopping = fields.early_stopping?.value ?? earlyStopping
    returnCount = fields.num_return_sequences ?? returnCount
    if fields.do_sample == true {
      sampling = Sampling(
        temperature: fields.temperature ?? 1, topK: fields.top_k ?? 50, topP: fields.top_p ?? 1)
    }
    forcedFirstID = fields.forced_bos_token_id ?? forcedFirstID
    forcedLastID = fields.forced_eos_token_id?.values.first ?? forcedLastID
    endIDs = fields.eos_token_id?.values ?? endIDs
    bannedRuns = fields.bad_words_ids ?? bannedRuns
    noRepeatLength = fields.no_repeat_ngram_size ?? noRepeatLength
    repetitionPenalty = fields.repetition_penalty ?? repetitionPenalty
  }

  private struct Fields: Decodable {
    var max_length: Int?
    var max_new_tokens: Int?
    var min_length: Int?
    var min_new_tokens: Int?
    var num_beams: Int?
    var length_penalty: Double?
    var early_stopping: EarlyStopping?
    var num_return_sequences: Int?
    var do_sample: Bool?
    var temperature: Double?
    var top_k: Int?
    var top_p: Double?
    var forced_bos_token_id: Int?
    var forced_eos_token_id: OneOrMore?
    var eos_token_id: OneOrMore?
    var bad_words_ids: [[Int]]?
    var no_repeat_ngram_size: Int?
    var repetition_penalty: Double?

    struct EarlyStopping: Decodable {
      var value: GenerationConfiguration.EarlyStopping

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
          value = flag ? .whenFull : .heuristic
        } else {
          value = try container.decode(String.self) == "never" ? .never : .heuristic
        }
      }
    }

    struct OneOrMore: Decodable {
      var values: [Int]

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode(Int.self) {
          values = [one]
        } else {
          values = try container.decode([Int].self)
        }
      }
    }
  }
}
