// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Serving

@Suite("POST /predict", .timeLimit(.minutes(1)))
struct PredictTests {
  @Test("labels one text, best first", arguments: Way.allCases)
  func single(_ way: Way) async throws {
    let model = StubModel()
    try await way.ask(model) { client, _ in
      let response = try await client.post("/predict", #"{"inputs": "guten Morgen"}"#)
      #expect(response.status == .ok)
      #expect(response.headers[.contentType] == "application/json")
      let expected = model.probabilities(of: try model.tokenize("query: guten Morgen"))
      let json = try response.json()
      #expect(json.count == 3)
      var scores: [Float] = []
      for index in 0..<3 {
        guard case .string(let label) = json[index]?["label"],
          let place = model.info.labels.firstIndex(of: label),
          case .number(let score) = json[index]?["score"]
        else {
          Issue.record("no label and score in \(response.text)")
          return
        }
        #expect(Float(score) == expected[place])
        scores.append(Float(score))
      }
      #expect(scores == scores.sorted(by: >))
    }
  }

  @Test("labels several texts, each the same as alone", arguments: Way.allCases)
  func batch(_ way: Way) async throws {
    try await way.ask { client, _ in
      let texts = ["a", "b c", "d e f g"]
      let together = try await client.post("/predict", #"{"inputs": ["a", "b c", "d e f g"]}"#)
      let nested = try await client.post("/predict", #"{"inputs": [["a"], ["b c"], ["d e f g"]]}"#)
      #expect(nested.text == together.text)
      #expect(try together.json().count == 3)
      for (index, text) in texts.enumerated() {
        let alone = try await client.post("/predict", #"{"inputs": "\#(text)"}"#)
        #expect(try together.json()[index] == alone.json())
        let listed = try await client.post("/predict", #"{"inputs": ["\#(text)"]}"#)
        #expect(try listed.json()[0] == alone.json())
      }
    }
  }

  @Test("gives as many labels as asked for, and all where more are asked for")
  func topK() async throws {
    try await Way.router.ask { client, _ in
      let all = try await client.post("/predict", #"{"inputs": "a"}"#).json()
      let one = try await client.post("/predict", #"{"inputs": "a", "top_k": 1}"#).json()
      #expect(one.count == 1)
      #expect(one[0] == all[0])
      let more = try await client.post("/predict", #"{"inputs": "a", "top_k": 99}"#).json()
      #expect(more == all)
    }
  }

  @Test("hands each text's language to the model")
  func languages() async throws {
    let model = StubModel()
    try await Way.router.ask(model) { client, _ in
      for body in [
        #"{"inputs": "a"}"#, #"{"inputs": ["a", "b"], "language": "swh_Latn"}"#,
        #"{"inputs": ["a", "b"], "language": ["de", null]}"#, #"{"inputs": "a", "language": null}"#,
      ] {
        try await client.post("/predict", body).expectSuccess()
      }
    }
    #expect(model.languages == [nil, "swh_Latn", "swh_Latn", "de", nil, nil])
  }

  @Test("cuts a text that is too long where it was asked to, at the end that was named")
  func truncation() async throws {
    let model = StubModel(maximumLength: 5)
    try await Way.router.ask(model) { client, _ in
      let long = #""inputs": "a b c d e f", "truncate": true"#
      try await client.post("/predict", "{\(long)}").expectSuccess()
      let left = try await client.post("/predict", #"{\#(long), "truncation_direction": "Left"}"#)
      #expect(left.status == .ok)
    }
    let ids = try model.tokenize("query: a b c d e f")
    #expect(model.batches == [[Array(ids[..<4]) + [2]], [[0] + Array(ids.suffix(4))]])
  }

  @Test(
    "refuses what it cannot label, by the field's name",
    arguments: [
      (#"[]"#, 422, "Validation", ["the body", "an object", "an empty array"]),
      (#"{}"#, 422, "Validation", ["\"inputs\"", "missing"]),
      (#"{"inputs": null}"#, 422, "Validation", ["\"inputs\"", "missing"]),
      (#"{"inputs": 7}"#, 422, "Validation", ["\"inputs\"", "a string", "the number 7"]),
      (#"{"inputs": ["a", 7]}"#, 422, "Validation", ["\"inputs\"[1]", "the number 7"]),
      (#"{"inputs": [["a", "b"]]}"#, 422, "Validation", ["\"inputs\"[0]", "pairs"]),
      (#"{"inputs": []}"#, 422, "Empty", ["\"inputs\"", "an empty array"]),
      (#"{"inputs": ""}"#, 422, "Empty", ["\"inputs\"", "empty"]),
      (#"{"inputs": ["a", " \n"]}"#, 422, "Empty", ["\"inputs\"[1]", "empty"]),
      (#"{"inputs": "unspeakable"}"#, 422, "Tokenizer", ["\"inputs\"", "tokens"]),
      (#"{"input": "a"}"#, 422, "Validation", ["\"input\"", "did you mean \"inputs\"?"]),
      (#"{"inputs": "a", "temperature": 1}"#, 422, "Validation", ["\"temperature\"", "known are"]),
      (
        #"{"inputs": "a", "truncate": "yes"}"#, 422, "Validation",
        ["\"truncate\"", "true or false"]
      ),
      (
        #"{"inputs": "a", "truncation_direction": "up"}"#, 422, "Validation",
        ["\"left\"", "\"up\""]
      ),
      (#"{"inputs": "a", "top_k": 0}"#, 422, "Validation", ["\"top_k\"", "1 or more", "0"]),
      (#"{"inputs": "a", "top_k": 1.5}"#, 422, "Validation", ["\"top_k\"", "1.5"]),
      (#"{"inputs": "a", "language": "Deutsch bitte"}"#, 422, "Validation", ["\"language\""]),
      (#"{"inputs": "a", "language": 3}"#, 422, "Validation", ["\"language\"", "the number 3"]),
      (#"{"inputs": "a", "language": ["de", "en"]}"#, 422, "Validation", ["1 inputs", "found 2"]),
      (#"{"inputs": "a", "language": [3]}"#, 422, "Validation", ["\"language\"[0]"]),
      (#"{"inputs": "a", "raw_scores": true}"#, 422, "Validation", ["\"raw_scores\""]),
      (
        #"{"inputs": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"}"#, 422, "Validation",
        ["19 tokens", "limit is 16", "truncate"]
      ),
      (#"{"inputs": ["a","a","a","a","a"]}"#, 413, "Validation", ["4 inputs", "has 5"]),
      (#"{"inputs": "explode"}"#, 424, "Backend", ["the model failed"]),
      (#"{"inputs": "a""#, 400, "Validation", ["line 1, column 15"]),
      ("", 400, "Validation", ["empty body"]),
    ])
  func refusals(_ body: String, _ status: Int, _ type: String, _ words: [String]) async throws {
    var configuration = Serving.ServerConfiguration()
    configuration.maximumClientBatch = 4
    for way in Way.allCases {
      try await way.ask(StubModel(), configuration) { client, _ in
        let response = try await client.post("/predict", body)
        try response.expectError(status, type, words)
        #expect(
          type == "Tokenizer" || !response.text.contains("secret"),
          "an error of the engine must stay in the log")
      }
    }
  }

  @Test("says that a model without labels has none to give")
  func noLabels() async throws {
    try await Way.router.ask(StubModel(labels: [])) { client, _ in
      try await client.post("/predict", #"{"inputs": "a"}"#)
        .expectError(422, "Validation", ["\"stub\"", "no labels", "/embed"])
    }
  }
}
