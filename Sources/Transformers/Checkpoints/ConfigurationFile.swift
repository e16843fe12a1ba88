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
}
