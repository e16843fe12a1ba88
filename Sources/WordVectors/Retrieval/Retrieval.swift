// SPDX-License-Identifier: Apache-2.0

/// How the translation of a word is looked for among the vectors of another language.
public enum Retrieval: Sendable, Hashable {
  /// The largest cosine.
  case nearest
  /// Cross-domain similarity local scaling: twice the cosine less both sides' mean cosines to their nearest neighbours, so that hubs,
  /// which are near to everything, lose (Conneau et al. 2018). Ten neighbours are usual.
  case csls(neighbors: Int = 10)
  /// The share that a source word has of what a target word gives to all of them, by a softmax of their cosines over the sources
  /// (Smith et al. 2017). The inverse temperature is 10 there.
  case invertedSoftmax(inverseTemperature: Float = 10)
  /// The ratio margin: the cosine over the mean of both sides' mean cosines to their nearest neighbours (Artetxe and Schwenk, 2019). Four
  /// neighbours are usual.
  case margin(neighbors: Int = 4)

  /// The methods' names on the command line.
  public static let names = ["nn", "csls", "softmax", "margin"]

  /// A method by the name that the command line has for it.
  public init?(named name: String) {
    guard Self.names.contains(name) else { return nil }
    self.init(named: name, neighbors: nil, inverseTemperature: 10)
  }

  /// A method by its name, csls where that is not known, with what it needs.
  ///
  /// - Parameter neighbors: nil for as many as are usual.
  public init(named name: String, neighbors: Int?, inverseTemperature: Float) {
    switch name {
    case "nn": self = .nearest
    case "softmax": self = .invertedSoftmax(inverseTemperature: inverseTemperature)
    case "margin": self = .margin(neighbors: neighbors ?? 4)
    default: self = .csls(neighbors: neighbors ?? 10)
    }
  }

  /// The method's name on the command line.
  public var name: String {
    switch self {
    case .nearest: "nn"
    case .csls: "csls"
    case .invertedSoftmax: "softmax"
    case .margin: "margin"
    }
  }
}

/// A row that was found, and how well it fits.
public struct Neighbor: Sendable, Hashable {
  /// The row among those that were searched.
  public let index: Int
  /// The score by the method of retrieval: a cosine, a CSLS, a margin, or the logarithm of a share.
  public let score: Float

  /// A row and its score.
  public init(index: Int, score: Float) {
    self.index = index
    self.score = score
  }
}
