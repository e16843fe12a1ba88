// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A `config.json`, whole: what Koine does not read is kept when the model is saved.
public struct ConfigurationFile {
  /// The file's bytes.
  public let data: Data
  private let path: String

  /// Reads a file.
  public init(contentsOf url: URL) throws {
    path = url.path
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw TransformerError(
        .configuration, "cannot be read; expected a model directory with config.json in it",
        at: url.path)
    }
  }

  /// The `model_type`, or nil.
  public var modelType: String? {
    struct Fields: Decodable { var model_type: String? }
    return (try? JSONDecoder().decode(Fields.self, from: data))?.model_type
  }

  /// The file's fields; a missing or mistyped one is named.
  func decoded<Fields: Decodable>(as type: Fields.Type) throws -> Fields {
    do {
      return try JSONDecoder().decode(Fields.self, from: data)
    } catch let DecodingError.keyNotFound(key, _) {
      throw TransformerError(.configuration, "the field '\(key.stringValue)' is missing", at: path)
    } catch let DecodingError.typeMismatch(type, context) {
      let field = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw TransformerError(.configuration, "the field '\(field)' is not a \(type)", at: path)
    } catch {
      throw TransformerError(.configuration, "not a JSON object", at: path)
    }
  }

  /// The file with other classes and another architecture, all other fields as they are.
  ///
  /// - Parameters:
  ///   - architecture: the class that transformers opens the directory with, "XLMRobertaForTokenClassification".
  ///   - labels: the names of the head's classes, by index; empty leaves them as they are.
  public func encoded(architecture: String, labels: [String] = []) throws -> Data {
    guard var fields = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw TransformerError(.configuration, "not a JSON object", at: path)
    }
    fields["architectures"] = [architecture]
    if !labels.isEmpty {
      fields["id2label"] = Dictionary(
        uniqueKeysWithValues: labels.enumerated().map { (String($0.offset), $0.element) })
      fields["label2id"] = Dictionary(
        labels.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first }
      )
    }
    return try JSONSerialization.data(
      withJSONObject: fields, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }
}
