// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// Finds candidates for pairs of translations among two large sets of sentence vectors, by margin; exact, in blocks, or by an index.
///
/// Without an index each pair of rows is compared once. What is kept is each row's nearest, `16 × neighbors` bytes or so a row; vectors that
/// are mapped from a large file are read in pieces and let go of, so that memory stays small whatever their number. The cost is the product of
/// both sides' numbers of rows. The same input gives the same pairs with any number of threads, as far as the engine's products are the same.
///
/// An ``index`` costs less, holds the vectors of one side at a time in memory, and misses some of the nearest.
///
/// Source: Artetxe and Schwenk, "Margin-based parallel corpus mining with multilingual sentence embeddings", 2019.
public struct BitextMiner: Sendable {
  /// The largest number of rows of a side: what the lists of the nearest can name.
  public static let rowLimit = Int(Int32.max)

  /// How a cosine is set against those of both sides' nearest; the ratio by default.
  public var margin = SimilarityMatrix.Margin.ratio
  /// How many of the nearest, in both directions, make the margin and are candidates; 4 by default.
  public var neighbors = 4
  /// Whether each side's mean vector is subtracted first, which takes out what all texts of a language share.
  public var isCentered = false
  /// Lists of near rows, in which alone the nearest are looked for; nil for all rows.
  ///
  /// It asks for the library that `Scripts/faiss` makes.
  public var index: InvertedLists?
  /// Rows of a block on the right, and a quarter of those on the left.
  var blockSize = 2048

  /// LASER's settings: the ratio, four neighbours.
  public init() {}

  /// Sentence vectors of one side.
  public struct Side: Sendable {
    /// The vectors; their length says nothing.
    public var vectors: VectorMatrix
    /// The rows that take part, in rising order; nil for all.
    public var rows: [Int]?

    /// A side of all rows, or of some.
    public init(_ vectors: VectorMatrix, rows: [Int]? = nil) {
      self.vectors = vectors
      self.rows = rows
    }

    /// How many rows take part.
    public var count: Int { rows?.count ?? vectors.rows }
  }

  /// Checks that what the settings ask for is there, before vectors are made.
  ///
  /// - Throws: `WordVectorError.Code.file` or `format` where the library of the index is not there or is another.
  public func prepare() throws(WordVectorError) {
    if index != nil { _ = try IndexLibrary() }
  }

  /// How much there is to do, in what `progress` is told: pairs of rows, or with an index rows that are added and looked for.
  public func work(_ source: Side, _ target: Side) -> Int {
    index == nil ? source.count * target.count : 2 * (source.count + target.count)
  }

  /// Compares both sides.
  ///
  /// Rows in what comes out are counted among those that take part; a row of zeros gets no partner.
  ///
  /// - Parameter progress: is told how much has been done since the last call, of ``work(_:_:)``.
  /// - Throws: `WordVectorError.Code.argument` where the vectors' lengths differ or a side is too large, `file` or `format` where the
  ///   library of the index is not there or is another, and what the engine throws.
  public func candidates(
    _ source: Side, _ target: Side, engine: any MatrixEngine = PlainMatrixEngine(),
    threads: Int = 1, progress: (Int) -> Void = { _ in }
  ) throws -> MiningCandidates {
    try check(source, target)
    let finder = try finder(engine, threads: threads)
    let left = ComparedRows(
      unit: source.vectors, indices: source.rows, center: isCentered ? Self.mean(of: source) : nil,
      releasesRows: true, threads: threads)
    let right = ComparedRows(
      unit: target.vectors, indices: target.rows, center: isCentered ? Self.mean(of: target) : nil,
      releasesRows: true, threads: threads)
    let forward = BestLists(count: left.count, limit: min(neighbors, max(right.count, 1)))
    let backward = BestLists(count: right.count, limit: min(neighbors, max(left.count, 1)))
    try finder.find(left, right, forward: forward, backward: backward, progress: progress)
    return MiningCandidates(
      sources: left.count, targets: right.count, margin: margin,
      nearestTargets: { Self.nearest($0, forward, left, right) },
      nearestSources: { Self.nearest($0, backward, right, left) })
  }

  private func finder(
    _ engine: any MatrixEngine, threads: Int
  ) throws(WordVectorError) -> any NearestRows {
    guard let index else {
      return ComparedNearestRows(engine: engine, threads: threads, blockSize: blockSize)
    }
    return IndexedNearestRows(library: try IndexLibrary(), settings: index, threads: threads)
  }

  private static func nearest(
    _ row: Int, _ lists: BestLists, _ rows: ComparedRows, _ others: ComparedRows
  ) -> [MiningCandidates.Nearest] {
    guard !rows.isZero(row) else { return [] }
    return lists.entries(row).filter { !others.isZero($0.index) }
      .map { ($0.index, Double($0.value)) }
  }

  /// The mean of the rows that take part, as they are.
  static func mean(of side: Side) -> [Float] {
    let width = side.vectors.columns
    var sum = [Double](repeating: 0, count: width)
    for place in 0..<side.count {
      let row = side.vectors[side.rows?[place] ?? place]
      for column in 0..<width { sum[column] += Double(row[column]) }
    }
    side.vectors.release()
    return sum.map { Float($0 / Double(max(side.count, 1))) }
  }

  private func check(_ source: Side, _ target: Side) throws(WordVectorError) {
    guard neighbors > 0 else {
      throw WordVectorError(
        .argument, "a margin needs neighbours", expected: "1 or more", found: "\(neighbors)")
    }
    guard source.vectors.columns == target.vectors.columns else {
      throw WordVectorError(
        .argument, "the vectors of both sides differ in length",
        expected: "\(source.vectors.columns) numbers on both",
        found: "\(target.vectors.columns) in the targets",
        hint: "make both with one encoder")
    }
    if let index, index.probes < 1 || index.lists ?? 1 < 1 {
      throw WordVectorError(
        .argument, "an index needs lists and probes", expected: "1 or more of both",
        found: "\(index.lists ?? 1) and \(index.probes)")
    }
    let largest = max(source.count, target.count)
    guard largest <= Self.rowLimit else {
      throw WordVectorError(
        .argument, "a side has too many rows", expected: "at most \(Self.rowLimit)",
        found: "\(largest)", hint: "mine it in parts")
    }
  }
}
