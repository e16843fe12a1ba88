// SPDX-License-Identifier: Apache-2.0

import Foundation

extension WordAligner {
  /// The format that this type reads and writes.
  static let format = "koine.alignment/v1"

  private struct File: Codable {
    struct Lexicon: Codable {
      var starts: Data
      var targets: Data
      var values: Data
    }

    struct Direction: Codable {
      var lexicon: Lexicon
      var stems: Lexicon?
      var shares: Data?
      var jumps: JumpModel?
      var tension: Double?
      var emptyProbability: Double
    }

    var format: String
    var stemLength: Int
    var source: [String]
    var target: [String]
    var forward: Direction
    var backward: Direction
  }

  /// The model as bytes, the same for the same model.
  public func encoded() throws -> Data {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    return try encoder.encode(
      File(
        format: Self.format, stemLength: source.stemLength, source: source.words,
        target: target.words, forward: Self.kept(forward), backward: Self.kept(backward)))
  }

  /// Reads a model's bytes.
  ///
  /// - Throws: `AlignmentError` where they are none.
  public init(decoding data: Data, at location: String) throws(AlignmentError) {
    guard let file = try? PropertyListDecoder().decode(File.self, from: data),
      file.format == Self.format
    else {
      throw AlignmentError(
        .format,
        "expected a model of word alignment (\(Self.format)), found something else; make it with 'koine align-words --save'",
        at: location)
    }
    source = AlignmentVocabulary(stemLength: file.stemLength)
    target = AlignmentVocabulary(stemLength: file.stemLength)
    for word in file.source { _ = source.add(word) }
    for word in file.target { _ = target.add(word) }
    forward = Self.opened(file.forward, source, target)
    backward = Self.opened(file.backward, target, source)
    for (model, size) in [(forward, source.words.count), (backward, target.words.count)] {
      guard model.lexicon.starts.count == size + 2,
        model.lexicon.starts.last == model.lexicon.values.count
      else {
        throw AlignmentError(
          .format, "the model's parts do not belong together; make it anew", at: location)
      }
    }
  }

  private static func kept(_ model: DirectionModel) -> File.Direction {
    var jumps: JumpModel?
    if case .jumps(let known) = model.order { jumps = known }
    return File.Direction(
      lexicon: kept(model.lexicon), stems: model.stems.map { kept($0.lexicon) },
      shares: model.stems.map { bytes($0.shares) }, jumps: jumps, tension: model.tension,
      emptyProbability: model.emptyProbability)
  }

  private static func kept(_ table: LexicalTable) -> File.Lexicon {
    File.Lexicon(
      starts: bytes(table.starts.map(Int64.init)), targets: bytes(table.targets),
      values: bytes(table.values))
  }

  private static func opened(
    _ direction: File.Direction, _ source: AlignmentVocabulary, _ target: AlignmentVocabulary
  ) -> DirectionModel {
    let order: DirectionModel.Order =
      direction.jumps.map { .jumps($0) } ?? direction.tension.map { .diagonal(tension: $0) } ?? .any
    var stems: StemBackoff?
    if let lexicon = direction.stems, let shares = direction.shares {
      stems = StemBackoff(
        lexicon: opened(lexicon), sources: source.stems, targets: target.stems,
        shares: numbers(shares))
    }
    return DirectionModel(
      lexicon: opened(direction.lexicon), order: order,
      emptyProbability: direction.emptyProbability, stems: stems)
  }

  private static func opened(_ lexicon: File.Lexicon) -> LexicalTable {
    let starts: [Int64] = numbers(lexicon.starts)
    var table = LexicalTable(starts: starts.map(Int.init), targets: numbers(lexicon.targets))
    table.values = numbers(lexicon.values)
    return table
  }

  private static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> Data {
    numbers.withUnsafeBytes { Data($0) }
  }

  private static func numbers<Number: BitwiseCopyable>(_ data: Data) -> [Number] {
    data.withUnsafeBytes { bytes in
      (0..<bytes.count / MemoryLayout<Number>.stride).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.stride, as: Number.self)
      }
    }
  }
}
