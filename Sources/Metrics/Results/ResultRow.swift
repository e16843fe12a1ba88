// SPDX-License-Identifier: Apache-2.0

/// One measured number: a line of `results.json`.
///
/// A number that could not be measured is nil, and `null` in the file.
public struct ResultRow: Sendable, Equatable, Codable {
  /// The task's name, such as `intents`.
  public var task: String
  /// The language's code, such as `swh_Latn`.
  public var language: String
  /// The split it was measured on, such as `test`.
  public var split: String
  /// How many items it was measured on.
  public var n: Int
  /// The metric's name, such as `accuracy`.
  public var metric: String
  /// The number, in the metric's own unit; shares are 0...1.
  public var value: Double?
  /// The lower end of the 95 % interval, where one was taken.
  public var low: Double?
  /// The upper end of the 95 % interval, where one was taken.
  public var high: Double?
  /// Which way of making the model, such as `frozen`, where several stand beside each other.
  public var method: String?

  /// Makes a row, in which numbers that are not finite become nil.
  public init(
    task: String, language: String, split: String, n: Int, metric: String, value: Double?,
    interval: Interval? = nil, method: String? = nil
  ) {
    func finite(_ number: Double?) -> Double? { number.flatMap { $0.isFinite ? $0 : nil } }
    self.task = task
    self.language = language
    self.split = split
    self.n = n
    self.metric = metric
    self.value = finite(value)
    low = finite(interval?.low)
    high = finite(interval?.high)
    self.method = method
  }

  private enum CodingKeys: String, CodingKey {
    case task, language, split, n, metric, value, low, high, method
  }

  /// Writes every column, `null` included, so that all rows have the same ones; `method` only
  /// where there is one.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: CodingKeys.self)
    try row.encode(task, forKey: .task)
    try row.encode(language, forKey: .language)
    try row.encode(split, forKey: .split)
    try row.encode(n, forKey: .n)
    try row.encode(metric, forKey: .metric)
    try row.encode(value, forKey: .value)
    try row.encode(low, forKey: .low)
    try row.encode(high, forKey: .high)
    try row.encodeIfPresent(method, forKey: .method)
  }
}
