// SPDX-License-Identifier: Apache-2.0

/// What the server counts and times, under the names of text-embeddings-inference.
final class ServerMetrics: Sendable {
  private let requests = Counter()
  private let successes = Counter()
  private let failures = Counter()
  private let requestDuration = Histogram(bounds: Histogram.seconds)
  /// How long the texts of a request took to become tokens.
  let tokenizationDuration = Histogram(bounds: Histogram.seconds)
  /// How long a request waited for its first batch.
  let queueDuration = Histogram(bounds: Histogram.seconds)
  /// How long the model took for a batch.
  let inferenceDuration = Histogram(bounds: Histogram.seconds)
  /// The rows of a batch.
  let batchRows = Histogram(bounds: Histogram.powersOfTwo)
  /// The tokens of a batch.
  let batchTokens = Histogram(bounds: Histogram.powersOfTwo)
  /// The rows that wait.
  let queueSize = Gauge()

  /// Counts a request for work by its method, for instance `predict`.
  func requestStarted(_ method: String) { requests.increment("method=\"\(method)\"") }

  /// Counts a request that was answered.
  func requestSucceeded(_ method: String, after duration: Duration) {
    successes.increment("method=\"\(method)\"")
    requestDuration.observe(duration)
  }

  /// Counts a request that was refused or failed, by the kind of failure.
  func requestFailed(_ method: String, _ code: ServingError.Code) {
    failures.increment("method=\"\(method)\",err=\"\(code.rawValue)\"")
  }

  /// Everything in Prometheus' text exposition format 0.0.4.
  func exposition() -> String {
    var text = ""
    for (name, help, counter) in [
      ("te_request_count", "Requests for work.", requests),
      ("te_request_success", "Requests that were answered.", successes),
      ("te_request_failure", "Requests that were refused or failed, by kind.", failures),
    ] {
      text += "# HELP \(name) \(help)\n# TYPE \(name) counter\n"
      counter.write(name, to: &text)
    }
    for (name, help, histogram) in [
      ("te_request_duration", "Seconds from a request's head to its answer.", requestDuration),
      ("te_request_tokenization_duration", "Seconds to make tokens.", tokenizationDuration),
      ("te_request_queue_duration", "Seconds until a request's first batch.", queueDuration),
      ("te_request_inference_duration", "Seconds of a batch in the model.", inferenceDuration),
      ("te_batch_next_size", "Rows of a batch.", batchRows),
      ("te_batch_next_tokens", "Tokens of a batch.", batchTokens),
    ] {
      text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
      histogram.write(name, to: &text)
    }
    text += "# HELP te_queue_size Rows that wait for a batch.\n# TYPE te_queue_size gauge\n"
    text += "te_queue_size \(queueSize.current)\n"
    return text
  }
}
