// SPDX-License-Identifier: Apache-2.0

/// A model of fastText's: words and n-grams with their vectors and, for a classifier, labels.
///
/// It reads what fastText writes, `.bin` and `.ftz` (quantised, pruned or not), of every loss, in versions
/// 11 and 12. The file is mapped, so that a large one opens at once and its rows are read when they are used.
///
/// Bojanowski et al.: Enriching word vectors with subword information (2017). Joulin et al.: Bag of tricks
/// for efficient text classification (2017), and FastText.zip: compressing text classification models (2016).
public struct FastTextModel: Sendable {
  /// How it was trained and how it is used.
  public let arguments: ModelArguments
  /// Its words and labels.
  public let dictionary: WordDictionary
  /// A row for each word, then for each bucket of n-grams.
  let input: ParameterMatrix
  /// A row for each label, or for each word where the model has none.
  let output: ParameterMatrix
  let features: FeatureExtractor

  /// Whether its vectors are stood for by codes, as in a `.ftz`.
  public var isQuantized: Bool {
    if case .quantized = input { true } else { false }
  }

  init(
    _ arguments: ModelArguments, _ dictionary: WordDictionary, input: ParameterMatrix,
    output: ParameterMatrix
  ) {
    self.arguments = arguments
    self.dictionary = dictionary
    self.input = input
    self.output = output
    features = FeatureExtractor(dictionary, arguments)
  }

  /// Reads a model file.
  ///
  /// - Throws: `WordVectorError.Code.file` where it cannot be read, `.format` where it is no model, is cut short
  ///   or contradicts itself.
  public init(contentsOf path: String) throws(WordVectorError) {
    var reader = BinaryReader(try MappedFile(path), name: path)
    let arguments = try ModelArguments(&reader)
    let dictionary = try WordDictionary(&reader, buckets: arguments.buckets)
    let isQuantized = try reader.flag("whether it is quantised")
    guard isQuantized || dictionary.pruned == nil else {
      throw reader.malformed(
        "its list of kept n-grams", expected: "one only in a quantised model", found: "one")
    }
    let input = try Self.matrix(&reader, isQuantized, "the input matrix")
    let isOutputQuantized = try reader.flag("whether its output is quantised") && isQuantized
    let output = try Self.matrix(&reader, isOutputQuantized, "the output matrix")
    let nGramRows =
      dictionary.pruned?.pairs.count ?? (arguments.usesBuckets ? arguments.buckets : 0)
    let outputs = arguments.task == .supervised ? dictionary.labelCount : dictionary.wordCount
    for (what, matrix, least) in [
      ("the input matrix", input, dictionary.wordCount + nGramRows),
      ("the output matrix", output, outputs),
    ] {
      guard matrix.rows >= least, matrix.columns == arguments.dimension else {
        throw reader.malformed(
          "the shape of \(what)", expected: "\(least) rows of \(arguments.dimension) numbers",
          found: "\(matrix.rows) of \(matrix.columns)")
      }
    }
    self.init(arguments, dictionary, input: input, output: output)
  }

  private static func matrix(
    _ reader: inout BinaryReader, _ isQuantized: Bool, _ what: String
  ) throws(WordVectorError) -> ParameterMatrix {
    isQuantized
      ? .quantized(try QuantizedMatrix(&reader, what)) : .dense(try DenseMatrix(&reader, what))
  }

  /// Hands the file that fastText opens to `sink`, in pieces: a `.ftz` where the model is quantised, else a
  /// `.bin`.
  public func write(to sink: @escaping ([UInt8]) throws -> Void) throws {
    var writer = BinaryWriter(sink)
    try arguments.write(to: &writer)
    try dictionary.write(to: &writer)
    try writer.append(UInt8(isQuantized ? 1 : 0))
    try input.write(to: &writer)
    let isOutputQuantized = if case .quantized = output { true } else { false }
    try writer.append(UInt8(isOutputQuantized ? 1 : 0))
    try output.write(to: &writer)
    try writer.flush()
  }
}
