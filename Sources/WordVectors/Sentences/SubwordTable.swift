// SPDX-License-Identifier: Apache-2.0

/// Vectors of character n-grams, by which a word without a vector of its own still gets one.
///
/// It holds the buckets that some word of training filled and no others: those are as they were drawn at random.
/// Bojanowski et al.: Enriching word vectors with subword information (2017).
public struct SubwordTable: Sendable {
  /// Which n-grams there are.
  public struct Shape: Sendable, Hashable, Codable {
    /// Characters in the shortest.
    public var shortest: Int
    /// Characters in the longest.
    public var longest: Int
    /// Numbers that n-grams share, by their hash.
    public var buckets: Int

    /// N-grams of so many characters, in so many buckets.
    public init(shortest: Int, longest: Int, buckets: Int) {
      self.shortest = shortest
      self.longest = longest
      self.buckets = buckets
    }
  }

  /// Which n-grams there are.
  public let shape: Shape
  /// The buckets that have a vector, in rising order.
  public let buckets: [Int32]
  /// A vector for each of ``buckets``.
  public let vectors: VectorMatrix
  private let rows: PrunedRows
  private let features: FeatureExtractor

  /// Vectors of some buckets.
  ///
  /// - Throws: `WordVectorError.Code.argument` where numbers do not fit together.
  public init(
    _ shape: Shape, buckets: [Int32], vectors: VectorMatrix
  ) throws(WordVectorError) {
    guard shape.shortest <= shape.longest, shape.longest > 0, (1...1 << 30).contains(shape.buckets)
    else {
      throw WordVectorError(
        .argument, "there are no n-grams of this shape",
        expected: "the shortest at most as long as the longest, and at least one bucket",
        found: "\(shape.shortest) to \(shape.longest), \(shape.buckets) buckets")
    }
    guard buckets.count == vectors.rows,
      buckets.allSatisfy({ (0..<shape.buckets).contains(Int($0)) })
    else {
      throw WordVectorError(
        .argument, "n-grams and their vectors do not fit together",
        expected: "\(vectors.rows) numbers below \(shape.buckets)", found: "\(buckets.count)")
    }
    self.shape = shape
    self.buckets = buckets
    self.vectors = vectors
    rows = PrunedRows(buckets.enumerated().map { ($1, Int32($0)) })
    features = Self.extractor(shape)
  }

  /// The table of a file in Koine's format, whose words are the buckets' numbers.
  ///
  /// - Throws: `WordVectorError.Code.format` where a word is no number.
  public init(_ table: VectorTable, _ shape: Shape, name: String) throws(WordVectorError) {
    var buckets: [Int32] = []
    for index in 0..<table.count {
      guard let bucket = Int32(table.words[index]), (0..<shape.buckets).contains(Int(bucket)) else {
        throw WordVectorError(
          .format, "a row of n-grams has no bucket", expected: "a number below \(shape.buckets)",
          found: table.words[index], at: name)
      }
      buckets.append(bucket)
    }
    try self.init(shape, buckets: buckets, vectors: table.vectors)
  }

  /// The same as words and vectors, to be written to a file.
  public var table: VectorTable {
    VectorTable(unchecked: WordList(buckets.map { String($0) }), vectors)
  }

  /// Appends the buckets of a word's n-grams that have a vector; one that comes twice stands there twice.
  public func append(bucketsOf word: UnsafeBufferPointer<UInt8>, to list: inout [Int32]) {
    let found = GrowingBuffer<Int32>()
    features.extract(word: word, found)
    for bucket in found.elements where rows.row(of: UInt32(bitPattern: bucket)) >= 0 {
      list.append(bucket)
    }
  }

  /// The vector of a bucket; nil where it has none.
  public func vector(ofBucket bucket: Int32) -> UnsafeBufferPointer<Float>? {
    let row = rows.row(of: UInt32(bitPattern: bucket))
    return row < 0 ? nil : vectors[Int(row)]
  }

  /// One table of several of one training, which have the same vectors where they have the same buckets; nil where they
  /// differ.
  public static func union(_ tables: [SubwordTable]) -> SubwordTable? {
    guard let shape = tables.first?.shape, tables.allSatisfy({ $0.shape == shape }) else {
      return nil
    }
    var owners: [Int32: Int] = [:]
    for (index, table) in tables.enumerated() {
      for (row, bucket) in table.buckets.enumerated() {
        guard let owner = owners[bucket] else {
          owners[bucket] = index
          continue
        }
        guard let known = tables[owner].vector(ofBucket: bucket),
          known.elementsEqual(table.vectors[row])
        else { return nil }
      }
    }
    let buckets = owners.keys.sorted()
    let columns = tables[0].vectors.columns
    let vectors = VectorMatrix(rows: buckets.count, columns: columns) { numbers in
      for (row, bucket) in buckets.enumerated() {
        guard let owner = owners[bucket], let vector = tables[owner].vector(ofBucket: bucket)
        else { continue }
        for column in 0..<columns { numbers[row * columns + column] = vector[column] }
      }
    }
    return try? SubwordTable(shape, buckets: buckets, vectors: vectors)
  }

  /// An extractor without words: the row of an n-gram is its bucket.
  private static func extractor(_ shape: Shape) -> FeatureExtractor {
    var arguments = ModelArguments()
    arguments.minimumCharacters = shape.shortest
    arguments.maximumCharacters = shape.longest
    arguments.buckets = shape.buckets
    return FeatureExtractor(
      WordDictionary(text: [], starts: [0], counts: [], wordCount: 0, tokenCount: 0), arguments)
  }
}
