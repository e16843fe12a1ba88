// SPDX-License-Identifier: Apache-2.0

import Torch
import WordVectors

/// The commonest words of languages in one space: where each lies in a plane, and what is near to it in every language.
public struct SpacePicture: Sendable {
  /// A language's part.
  public struct Language: Sendable {
    /// What it is called.
    public let name: String
    /// Its words, the commonest first as a rule.
    public let words: [String]
    /// Two coordinates for each word.
    public let places: [(x: Double, y: Double)]
    /// For each language, for each word, the words of that language that are nearest, the best first; the word itself left out.
    public let neighbors: [[[Neighbor]]]
    /// For each other language the share of words that are the best translation of their own best translation; nil for itself.
    public let mutualShares: [Double?]
  }

  /// The languages in the order given.
  public let languages: [Language]
  /// The share of the vectors' variance that the two directions of the plane hold.
  public let variance: Double

  /// Draws the picture: principal components of vectors of length 1, and neighbours by CSLS between languages and by
  /// cosine within one.
  ///
  /// On the compute thread, for the engine's sake.
  ///
  /// - Parameters:
  ///   - tables: Names and vectors, all of one dimension and in one space.
  ///   - limit: So many words of each, from the start.
  ///   - neighbors: Neighbours in each language.
  /// - Throws: `WordVectorError.Code.argument` where dimensions differ or there is no language.
  public init(
    _ tables: [(name: String, table: VectorTable)], limit: Int = 3000, neighbors: Int = 8,
    engine: any MatrixEngine, threads: Int = 1
  ) throws {
    guard let dimension = tables.first?.table.dimension else {
      throw WordVectorError(.argument, "a picture needs a language", hint: "name its vectors")
    }
    for (name, table) in tables where table.dimension != dimension {
      throw WordVectorError(
        .argument, "the vectors differ in dimension, so they are not in one space",
        expected: "\(dimension) numbers as in \(tables[0].name)", found: "\(table.dimension)",
        hint: "bring them into one space with 'koine vectors map'", at: name)
    }
    let unit = VectorNormalization([.unit])
    let parts = tables.map { table in
      let few = table.table.prefix(limit)
      return (
        name: table.name, words: few.words,
        vectors: unit.fitted(to: few.vectors).apply(to: few.vectors, threads: threads)
      )
    }
    let all = parts.flatMap { Array($0.vectors.elements) }
    let tensor = try Tensor(all, shape: [all.count / dimension, dimension])
    let components = try PrincipalComponents(of: tensor, count: min(2, dimension))
    let places: [Float] = try components.project(tensor).elements()
    let width = min(2, dimension)
    variance = components.shares.reduce(0, +)
    var found: [[[[Neighbor]]]] = []
    for first in parts.indices {
      found.append(
        try parts.indices.map { second in
          let isOwn = first == second
          let lists = try TranslationSearch(
            from: parts[first].vectors, to: parts[second].vectors, by: isOwn ? .nearest : .csls(),
            engine: engine, threads: threads
          ).neighbors(limit: neighbors + (isOwn ? 1 : 0))
          guard isOwn else { return lists }
          return lists.enumerated().map { word, list in
            Array(list.filter { $0.index != word }.prefix(neighbors))
          }
        })
    }
    var start = 0
    languages = parts.enumerated().map { number, part in
      defer { start += part.words.count }
      return Language(
        name: part.name, words: (0..<part.words.count).map { part.words[$0] },
        places: (0..<part.words.count).map { word in
          let place = (start + word) * width
          return (Double(places[place]), width > 1 ? Double(places[place + 1]) : 0)
        },
        neighbors: found[number],
        mutualShares: parts.indices.map { other in
          number == other ? nil : Self.mutualShare(found[number][other], found[other][number])
        })
    }
  }

  private static func mutualShare(_ ahead: [[Neighbor]], _ back: [[Neighbor]]) -> Double {
    let mutual = ahead.enumerated().filter { word, list in
      list.first.map { back[$0.index].first?.index == word } ?? false
    }
    return Double(mutual.count) / Double(max(ahead.count, 1))
  }
}
