// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// What a stage was made from and what it made: enough to know whether it has to run again.
public struct StageManifest: Sendable, Equatable, Codable {
  /// The stage's name.
  public var stage: String
  /// The version of the stage's code; raised when the same inputs would give something else.
  public var version: Int
  /// The part of the recipe that the stage depends on, as JSON.
  public var configuration: String
  /// The seed.
  public var seed: UInt64
  /// SHA-256 of each input, by name.
  public var inputs: [String: String]
  /// SHA-256 of each file that was made, by its path in the stage's folder; empty before it ran.
  public var outputs: [String: String]

  /// What a stage depends on.
  public init(
    stage: String, version: Int, configuration: some Encodable, seed: UInt64,
    inputs: [String: String]
  ) throws {
    self.stage = stage
    self.version = version
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.configuration = String(decoding: try encoder.encode(configuration), as: UTF8.self)
    self.seed = seed
    self.inputs = inputs
    outputs = [:]
  }

  /// One hash of all that the stage depends on; other stages name it as their input.
  public var identity: String {
    var copy = self
    copy.outputs = [:]
    return FileDigest.sha256(of: copy.json)
  }

  var json: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Strings and numbers only: encoding cannot fail.
    return (try? encoder.encode(self)) ?? Data()
  }
}
