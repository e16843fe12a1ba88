// SPDX-License-Identifier: Apache-2.0

extension VocabularyExtender {
  /// Extends a unigram model of tokenizer.json: new pieces get ids behind all that there are, added tokens included.
  ///
  /// XLM-R's `sentencepiece.bpe.model` becomes a tokenizer.json on the way (``TokenizerConfiguration/listed()``). Parameters
  /// are those of ``extend(_:with:keeping:reporting:progress:)-(SentencePieceModel,_,_,_,_)``; the texts are cut by the same
  /// configuration (``TrainingText/init(tokenizer:_:memory:threads:)``).
  ///
  /// - Throws: ``SubwordError/Code/unsupported`` where the model is another than a unigram model of tokenizer.json.
  public func extend(
    _ configuration: TokenizerConfiguration, with text: TrainingText, keeping old: TrainingText?,
    reporting reported: TrainingText? = nil, progress: (String) -> Void = { _ in }
  ) throws(SubwordError) -> Result<TokenizerConfiguration> {
    var copy = try configuration.listed()
    let longest = TrainerSpecification().maximumPieceLength
    let base = try copy.filledPieces(upTo: firstID)
    let result = try extend(base, longest, text, old, reported, progress)
    copy.model = .unigram(try result.model.model())
    return result.with(copy)
  }

  /// Throws what ``extend(_:with:keeping:reporting:progress:)-(TokenizerConfiguration,_,_,_,_)`` would for a configuration,
  /// before any text is read.
  public static func check(_ configuration: TokenizerConfiguration) throws(SubwordError) {
    _ = try configuration.listed().filledPieces()
  }
}
