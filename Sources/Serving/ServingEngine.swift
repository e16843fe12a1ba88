// SPDX-License-Identifier: Apache-2.0

/// What a model threw on a batch: for the log, not for the caller.
struct ModelFailure: Error {
  /// The model's own error.
  var cause: any Error
}

/// A loaded model with the batcher in front of it.
struct ServingEngine: Sendable {
  /// The model.
  let model: any ServedModel
  /// What the model is; read once, because it is constant.
  let info: ServedModelInfo
  /// The longest input in tokens: the configured limit, at most the model's own.
  let maximumLength: Int
  /// Forms the batches.
  let batcher: TokenBatcher
  private let metrics: ServerMetrics

  /// An engine around a model.
  init(model: any ServedModel, configuration: ServerConfiguration, metrics: ServerMetrics) {
    let info = model.info
    self.model = model
    self.info = info
    self.metrics = metrics
    maximumLength = min(configuration.maximumLength ?? info.maximumLength, info.maximumLength)
    batcher = TokenBatcher(
      limits: configuration.batching, lanes: model.lanes, metrics: metrics
    ) { batch in
      let rows = batch.entries.map(\.row)
      do {
        return switch batch.work {
        case .embed:
          try await model.embed(rows.map(\.tokens))
        case .classify:
          try await model.classify(rows.map(\.tokens), languages: rows.map(\.language))
        }
      } catch let error as ServingError {
        throw error
      } catch {
        throw ModelFailure(cause: error)
      }
    }
  }

  /// The tokens of texts, on the caller's task and off the model's thread.
  ///
  /// - Throws: ``ServingError`` of code `tokenizer`, `validation` (too long) or `empty`, naming the
  ///   text; `CancellationError`.
  func tokenize(
    _ texts: [String], prefix: String, languages: [String?] = [], truncation: Truncation?,
    field: String
  ) async throws -> [[Int32]] {
    let clock = ContinuousClock()
    let start = clock.now
    defer { metrics.tokenizationDuration.observe(clock.now - start) }
    var rows: [[Int32]] = []
    rows.reserveCapacity(texts.count)
    for (index, text) in texts.enumerated() {
      // A long batch must neither hold a thread from others nor outlive its caller.
      if index % 16 == 15 { await Task.yield() }
      try Task.checkCancellation()
      let place = texts.count == 1 ? "\"\(field)\"" : "\"\(field)\"[\(index)]"
      guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
        throw ServingError(.empty, "expected a text, found an empty one", at: place)
      }
      let tokens: [Int32]
      do {
        let language = index < languages.count ? languages[index] : nil
        tokens = try model.tokenize(prefix + model.read(text, language: language))
      } catch let error as ServingError {
        throw error
      } catch {
        throw ServingError(.tokenizer, "the text cannot become tokens: \(error)", at: place)
      }
      rows.append(try fit(tokens, truncation, at: place))
    }
    return rows
  }

  /// A row that fits the model: as it is, or cut where the caller asked for that.
  func fit(
    _ tokens: [Int32], _ truncation: Truncation?, at place: String
  ) throws(ServingError) -> [Int32] {
    guard tokens.count > maximumLength else { return tokens }
    guard let truncation else {
      throw ServingError(
        .validation,
        "the text has \(tokens.count) tokens and the limit is \(maximumLength); shorten it, or "
          + "send \"truncate\": true", at: place)
    }
    return truncation.cut(tokens, to: maximumLength)
  }

  /// The model's sentence vectors for rows of tokens, in order.
  func embed(_ rows: [[Int32]]) async throws -> [[Float]] {
    let vectors = try await batcher.submit(
      rows.map { BatchRow(tokens: $0, language: nil) }, for: .embed)
    return try check(vectors, count: info.dimensions)
  }

  /// The model's probabilities for rows of tokens, in order.
  func classify(_ rows: [[Int32]], languages: [String?]) async throws -> [[Float]] {
    let scores = try await batcher.submit(
      zip(rows, languages).map { BatchRow(tokens: $0, language: $1) }, for: .classify)
    return try check(scores, count: info.labels.count)
  }

  /// Nothing but whole rows of finite numbers leaves the server: JSON could not carry others.
  private func check(_ rows: [[Float]], count: Int) throws(ServingError) -> [[Float]] {
    for row in rows where row.count != count || !row.allSatisfy(\.isFinite) {
      throw ServingError(
        .backend,
        row.count == count
          ? "the model answered a number that is not finite"
          : "the model answered \(row.count) numbers where \(count) belong")
    }
    return rows
  }
}
