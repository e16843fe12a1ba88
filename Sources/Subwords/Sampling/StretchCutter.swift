// SPDX-License-Identifier: Apache-2.0

/// What cuts a stretch of normalised text into pieces: by the model's rule, or by chance.
protocol StretchCutter {
  /// Cuts `bytes[range]`, which is valid UTF-8.
  mutating func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    into sink: inout some TokenSink)
}

/// The model's own way.
struct BestCutter: StretchCutter {
  let model: SubwordModel

  @inline(__always)
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    into sink: inout some TokenSink
  ) {
    model.cut(bytes, range, &scratch, into: &sink)
  }
}

/// A way drawn at random.
struct SampleCutter<Generator: RandomNumberGenerator>: StretchCutter {
  let model: SubwordModel
  let sampling: Sampling
  var generator: Generator

  mutating func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    into sink: inout some TokenSink
  ) {
    switch (model, sampling) {
    case (.unigram(let model), .lattice(let alpha)):
      model.sample(bytes, range, alpha: alpha, using: &generator, into: &sink)
    case (.unigram(let model), .nBest(let count, let alpha)):
      model.sample(bytes, range, best: count, alpha: alpha, using: &generator, into: &sink)
    case (.bytePair(let model), .dropout(let dropout)):
      model.sample(
        bytes, range, dropout: dropout, &scratch.bytePair, using: &generator, into: &sink)
    default: model.cut(bytes, range, &scratch, into: &sink)
    }
  }
}
