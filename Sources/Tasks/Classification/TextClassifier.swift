// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Torch
import Transformers

/// A finished classifier: encoder, tokenizer, head and language means in one directory.
///
/// | file | holds |
/// |---|---|
/// | `config.json`, `model.safetensors`, `tokenizer.json` | the encoder, as Hugging Face tools open it |
/// | `encoder.json` and files of vectors in their place | the encoder, where it is a ``StaticEncoder`` |
/// | `classifier.safetensors` | `weight`, `bias`, and `center.<language>` for each known language |
/// | `gloss.<language>.txt` | a dictionary for each language whose text has a gloss behind it |
/// | `members/<name>/` | a further classifier, whose answers are taken together with this one's |
/// | `words.safetensors` | scores of a text's own tokens beside its vector, where the model has a ``TokenHead`` |
/// | `koine.json` | labels, prefix, pooling and where it all came from |
public final class TextClassifier {
  /// What `koine.json` says.
  public struct Description: Sendable, Equatable, Codable {
    /// The version of the format that this type reads.
    public static let version = "koine.classifier/v1"

    /// The format's version.
    public var format = Self.version
    /// The model's name.
    public var name: String
    /// The classes, in the order of the head's rows.
    public var labels: LabelSet
    /// The language that labels were learned in.
    public var source: String
    /// The languages that the model was measured on.
    public var languages: [String]
    /// What precedes each text.
    public var prefix: TextPrefix
    /// How tokens become one vector.
    public var pooling: Pooling
    /// The most tokens of a text.
    public var maximumLength: Int
    /// Whether each language's mean is taken away from its vectors.
    public var centersLanguages: Bool
    /// Whether a ``TokenHead`` lies beside the head, as ``TextClassifier/write(_:head:centers:words:to:)`` notes; nil, as in
    /// older files, for no.
    public internal(set) var hasWords: Bool?
    /// Languages whose text is written in Latin letters, as ``TextReading/romanized``; nil, as in older files, for none.
    public internal(set) var romanized: [String]?
    /// For each language that is glossed the file of its dictionary in the directory, as ``TextReading/dictionaries``; nil, as in older files, for none.
    public internal(set) var glosses: [String: String]?

    /// Further classifiers of the same labels in folders of these names under `members`; nil, as in older files, for none.
    public var members: [String]?

    /// A description from its parts.
    public init(
      name: String, labels: LabelSet, source: String, languages: [String], prefix: TextPrefix,
      pooling: Pooling, maximumLength: Int, centersLanguages: Bool
    ) {
      self.name = name
      self.labels = labels
      self.source = source
      self.languages = languages
      self.prefix = prefix
      self.pooling = pooling
      self.maximumLength = maximumLength
      self.centersLanguages = centersLanguages
    }
  }

  static let descriptionFile = "koine.json"
  static let headFile = "classifier.safetensors"
  private static let glossPrefix = "gloss."

  /// What the model is.
  public let description: Description
  /// The encoder.
  public let encoder: any SentenceEncoder
  /// How texts are to be put to the encoder.
  public let reading: TextReading
  private let head: SoftmaxHead
  private let centers: LanguageCenters
  private let words: TokenHead?
  /// Those whose answers are taken together with this one's.
  private let members: [TextClassifier]

  /// Opens a model directory that a recipe made; its network computes with weights of 8 bits where `isQuantized`.
  public init(directory: URL, isQuantized: Bool = false) throws {
    let description = try Self.description(of: directory)
    self.description = description
    encoder = try SentenceEncoders.open(
      directory, prefix: description.prefix, pooling: description.pooling,
      maximumLength: description.maximumLength, isQuantized: isQuantized)
    reading = try Self.reading(of: directory)
    let weights = try SafetensorsFile(directory.appendingPathComponent(Self.headFile))
    let expected = [description.labels.count, encoder.width]
    guard weights.shape("weight") == expected, weights.shape("bias") == [expected[0]] else {
      throw TransformerError(
        .checkpoint,
        "the head has weights of shape \(weights.shape("weight") ?? []), the labels and the encoder ask "
          + "for \(expected)", at: weights.url.path)
    }
    head = SoftmaxHead(weight: try weights.tensor("weight"), bias: try weights.tensor("bias"))
    var means: [String: Tensor] = [:]
    if description.centersLanguages {
      for name in weights.names where name.hasPrefix("center.") {
        means[String(name.dropFirst("center.".count))] = try weights.tensor(name)
      }
    }
    centers = LanguageCenters(means)
    words =
      description.hasWords == true
      ? try TokenHead(
        contentsOf: directory.appendingPathComponent(TokenHead.file),
        classCount: description.labels.count) : nil
    members = try (description.members ?? []).map {
      try TextClassifier(directory: Self.member($0, of: directory), isQuantized: isQuantized)
    }
    for member in members where member.description.labels != description.labels {
      throw TransformerError(
        .configuration, "the classes differ from those of the model that this is a member of",
        at: member.encoder.directory.path)
    }
  }

  /// Where a member of a model is.
  public static func member(_ name: String, of directory: URL) -> URL {
    directory.appendingPathComponent("members").appendingPathComponent(name)
  }

  /// Makes all weights ready, so that answers only read them.
  public func prepare() throws {
    try encoder.prepare()
    for member in members { try member.prepare() }
  }

  /// How the model of a directory puts texts to its encoder.
  ///
  /// - Throws: `TransformerError` where there is no model, or a dictionary of it is not there.
  public static func reading(of directory: URL) throws -> TextReading {
    let description = try description(of: directory)
    let files = (description.glosses ?? [:]).mapValues { directory.appendingPathComponent($0) }
    if let missing = files.values.first(where: {
      !FileManager.default.fileExists(atPath: $0.path)
    }) {
      throw TransformerError(
        .file, "a dictionary of the model is not there; copy the model's folder as a whole",
        at: missing.path)
    }
    return TextReading(
      romanized: Set(description.romanized ?? []), dictionaries: files,
      source: files.isEmpty ? nil : try LanguageTag(description.source))
  }

  /// The numbers of texts, each as text of its language is put to the encoder.
  ///
  /// - Parameter languages: each text's language where it is known.
  public func rows(_ texts: [String], languages: [String?]) throws -> [[Int32]] {
    try encoder.rows(zip(texts, languages).map { try reading($0, language: $1) })
  }

  /// Whether a file of this name in a model directory has a part in what a classifier says, beside its encoder's.
  public static func reads(_ name: String) -> Bool {
    [descriptionFile, headFile, TokenHead.file].contains(name)
      || name.hasPrefix(glossPrefix)
  }

  /// What a model directory says of itself.
  public static func description(of directory: URL) throws -> Description {
    let file = directory.appendingPathComponent(Self.descriptionFile)
    guard let data = try? Data(contentsOf: file) else {
      throw TransformerError(
        .file,
        "there is no \(Self.descriptionFile); expected a model directory that 'koine run' made",
        at: directory.path)
    }
    guard let description = try? JSONDecoder().decode(Description.self, from: data),
      description.format == Description.version
    else {
      throw TransformerError(
        .configuration, "not a description of the format \(Description.version)", at: file.path)
    }
    return description
  }

  /// Class probabilities of each row, in the order of the labels.
  ///
  /// - Parameters:
  ///   - rows: numbers of texts, as ``rows(_:languages:)`` gives them.
  ///   - languages: each row's language where it is known; else the nearest mean decides.
  public func probabilities(_ rows: [[Int32]], languages: [String?]) throws -> [[Float]] {
    let own = try ownProbabilities(rows, languages: languages)
    if members.isEmpty { return own }
    return Self.together(
      [own] + (try members.map { try $0.probabilities(rows, languages: languages) }))
  }

  /// What several classifiers say together: the normalised geometric mean of their probabilities.
  ///
  /// - Parameter answers: for each classifier the class probabilities of each text.
  public static func together(_ answers: [[[Float]]]) -> [[Float]] {
    guard let first = answers.first else { return [] }
    return first.indices.map { row in
      let logs = first[row].indices.map { label in
        // What one rounds to nothing the others can still speak for.
        answers.reduce(0) { $0 + log(max($1[row][label], .leastNormalMagnitude)) }
          / Float(answers.count)
      }
      let highest = logs.max() ?? 0
      let weights = logs.map { exp($0 - highest) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
  }

  private func ownProbabilities(_ rows: [[Int32]], languages: [String?]) throws -> [[Float]] {
    try GradientMode.disabled {
      var vectors = try encoder.embed(
        rows, languages: languages, normalized: true, progress: { _ in })
      if description.centersLanguages {
        vectors = try centers.centered(vectors, languages: languages)
      }
      return try Self.probabilities(vectors, head, words: words.map { ($0, rows) })
    }
  }

  /// Class probabilities of vectors under a head, and of tokens beside them where there are some.
  public static func probabilities(
    _ vectors: Tensor, _ head: SoftmaxHead, words: (head: TokenHead, rows: [[Int32]])? = nil
  ) throws(TorchError) -> [[Float]] {
    var logits = try head.logits(vectors)
    if let words { logits = try logits.adding(words.head.logits(words.rows)) }
    let flat = try logits.softmax().elements(as: Float.self)
    let classCount = head.bias.count
    return stride(from: 0, to: flat.count, by: classCount).map {
      Array(flat[$0..<($0 + classCount)])
    }
  }

  /// Copies dictionaries into a directory, and says where in it they are.
  private static func copy(
    _ dictionaries: [String: URL], to directory: URL
  ) throws -> [String: String] {
    var result: [String: String] = [:]
    for (language, file) in dictionaries {
      let ending = file.lastPathComponent.split(separator: ".").dropFirst().joined(separator: ".")
      let name = "\(glossPrefix)\(language).\(ending)"
      // What a link leads to, not the link.
      try FileManager.default.copyItem(
        at: file.resolvingSymlinksInPath(), to: directory.appendingPathComponent(name))
      result[language] = name
    }
    return result
  }

  /// Writes what a directory needs beside the encoder's own files.
  public static func write(
    _ description: Description, head: SoftmaxHead, centers: LanguageCenters,
    words: TokenHead? = nil, reading: TextReading = .plain, to directory: URL
  ) throws {
    var description = description
    description.hasWords = words != nil
    if !reading.romanized.isEmpty { description.romanized = reading.romanized.sorted() }
    if !reading.dictionaries.isEmpty {
      description.glosses = try copy(reading.dictionaries, to: directory)
    }
    try words?.write(to: directory.appendingPathComponent(TokenHead.file))
    var tensors: [(name: String, tensor: Tensor)] = [
      ("weight", head.weight), ("bias", head.bias),
    ]
    if description.centersLanguages {
      tensors += centers.centers.map { ("center.\($0.key)", $0.value) }
    }
    try SafetensorsFile.write(tensors, to: directory.appendingPathComponent(headFile))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(description).write(
      to: directory.appendingPathComponent(descriptionFile), options: .atomic)
  }
}
