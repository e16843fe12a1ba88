// SPDX-License-Identifier: Apache-2.0

extension TransferReport {
  /// A named fact.
  public struct Field: Sendable, Equatable, Codable {
    /// What the fact is about.
    public var name: String
    /// The fact.
    public var value: String

    /// Makes a fact.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Where some of the data came from.
  public struct Dataset: Sendable, Equatable, Codable {
    /// Its name.
    public var name: String
    /// Where it was taken from, such as a package.
    public var source: String
    /// Its version there.
    public var version: String
    /// The licence it stands under.
    public var licence: String
    /// How many items of what, such as `train` and `1,247`.
    public var counts: [Field]
    /// Checksums by file.
    public var hashes: [Field]

    /// Makes a dataset.
    public init(
      name: String, source: String, version: String, licence: String, counts: [Field] = [],
      hashes: [Field] = []
    ) {
      self.name = name
      self.source = source
      self.version = version
      self.licence = licence
      self.counts = counts
      self.hashes = hashes
    }
  }

  /// What one stage of the job cost.
  public struct Stage: Sendable, Equatable, Codable {
    /// The stage's name.
    public var name: String
    /// How long it ran; nil where it was taken from an earlier run.
    public var seconds: Double?

    /// Makes a stage.
    public init(name: String, seconds: Double?) {
      self.name = name
      self.seconds = seconds
    }
  }
}
