// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import Serving

@Suite("What the server tells about itself", .timeLimit(.minutes(1)))
struct InformationTests {
  @Test("names the model and the limits", arguments: Way.allCases)
  func info(_ way: Way) async throws {
    var configuration = Serving.ServerConfiguration()
    configuration.maximumLength = 10
    try await way.ask(StubModel(), configuration) { client, _ in
      let json = try await client.get("/info").json()
      #expect(json["model_id"] == .string("stub"))
      #expect(json["model_sha"] == .string("sha256:0"))
      #expect(json["model_type"]?["classifier"]?["id2label"]?["1"] == .string("music"))
      #expect(json["model_type"]?["classifier"]?["label2id"]?["alarm"] == .integer(2))
      #expect(json["labels"]?.count == 3)
      #expect(json["dimensions"] == .integer(8))
      #expect(json["max_input_length"] == .integer(10))
      #expect(json["max_batch_tokens"] == .integer(16_384))
      #expect(json["max_client_batch_size"] == .integer(256))
      #expect(json["prefixes"]?["passage"] == .string("passage: "))
    }
  }

  @Test("never takes more tokens than the model does")
  func length() async throws {
    var configuration = Serving.ServerConfiguration()
    configuration.maximumLength = 99
    try await Way.router.ask(StubModel(labels: []), configuration) { client, _ in
      let json = try await client.get("/info").json()
      #expect(json["max_input_length"] == .integer(16))
      #expect(json["model_type"]?["embedding"] == .object([]))
    }
  }

  @Test("lists the model as OpenAI does")
  func models() async throws {
    try await Way.router.ask { client, _ in
      let json = try await client.get("/v1/models").json()
      #expect(json["object"] == .string("list"))
      #expect(json["data"]?[0]?["id"] == .string("stub"))
      #expect(json["data"]?[0]?["object"] == .string("model"))
    }
  }

  @Test("explains every endpoint on one page", arguments: Way.allCases)
  func help(_ way: Way) async throws {
    try await way.ask { client, _ in
      let response = try await client.get("/")
      #expect(response.headers[.contentType]?.hasPrefix("text/plain") == true)
      for endpoint in Endpoint.allCases {
        #expect(response.text.contains("\(endpoint.method) \(endpoint.rawValue)"))
      }
      // The examples can be pasted as they are.
      #expect(response.text.contains("  http://localhost"))
    }
  }

  @Test("counts requests, failures by kind, times and batches", arguments: Way.allCases)
  func metrics(_ way: Way) async throws {
    try await way.ask { client, _ in
      _ = try await client.post("/predict", #"{"inputs": ["a", "b c"]}"#)
      _ = try await client.post("/embed", #"{"inputs": "a"}"#)
      _ = try await client.post("/embed", #"{"inputs": ""}"#)
      _ = try await client.post("/embed", #"{"inputs": "explode"}"#)
      let response = try await client.get("/metrics")
      #expect(response.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
      let lines = response.text.split(separator: "\n").map(String.init)
      for line in [
        "te_request_count{method=\"embed\"} 3", "te_request_count{method=\"predict\"} 1",
        "te_request_success{method=\"embed\"} 1", "te_request_success{method=\"predict\"} 1",
        "te_request_failure{method=\"embed\",err=\"empty\"} 1",
        "te_request_failure{method=\"embed\",err=\"backend\"} 1",
        "te_request_duration_count 2", "te_request_tokenization_duration_count 4",
        "te_request_queue_duration_count 3", "te_request_inference_duration_count 3",
        "te_batch_next_size_bucket{le=\"1.0\"} 2", "te_batch_next_size_bucket{le=\"2.0\"} 3",
        "te_batch_next_size_bucket{le=\"+Inf\"} 3", "te_batch_next_size_sum 4.0",
        // "query: " and the two specials make "a" four tokens, "b c" five.
        "te_batch_next_tokens_sum 17.0", "te_queue_size 0",
        "# TYPE te_request_failure counter", "# TYPE te_request_duration histogram",
        "# TYPE te_queue_size gauge",
      ] {
        #expect(lines.contains(line), "\(line)\n\(response.text)")
      }
    }
  }

  @Test("counts an observation in the first bucket that holds it")
  func histogram() {
    let histogram = Histogram(bounds: [1, 2])
    for value in [0.5, 1, 1.5, 7] { histogram.observe(value) }
    var text = ""
    histogram.write("h", labels: "a=\"b\"", to: &text)
    #expect(
      text == """
        h_bucket{a="b",le="1.0"} 2
        h_bucket{a="b",le="2.0"} 3
        h_bucket{a="b",le="+Inf"} 4
        h_sum{a="b"} 10.0
        h_count{a="b"} 4

        """)
  }
}
