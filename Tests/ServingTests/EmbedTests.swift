// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Serving

@Suite("POST /embed and POST /v1/embeddings", .timeLimit(.minutes(1)))
struct EmbedTests {
  @Test("answer the same vectors of length 1", arguments: Way.allCases)
  func vectors(_ way: Way) async throws {
    let model = StubModel()
    try await way.ask(model) { client, _ in
      let expected = try ["a b", "c"].map {
        UnitVector.of(model.vector(of: try model.tokenize("query: " + $0)))
      }
      let embed = try await client.post("/embed", #"{"inputs": ["a b", "c"]}"#).json()
      #expect(embed.count == 2)
      #expect(embed[0]?.floats == expected[0])
      #expect(embed[1]?.floats == expected[1])
      #expect(abs(expected[0].reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)

      let single = try await client.post("/embed", #"{"inputs": "c"}"#).json()
      #expect(single.count == 1)
      #expect(single[0]?.floats == expected[1])

      let list = try await client.post(
        "/v1/embeddings", #"{"input": ["a b", "c"], "model": "any", "user": "someone"}"#
      ).json()
      #expect(list["object"] == .string("list"))
      #expect(list["model"] == .string("stub"))
      // Prefix and specials count: "<s> query: a b </s>" and "<s> query: c </s>".
      #expect(list["usage"]?["prompt_tokens"] == .integer(9))
      #expect(list["usage"]?["total_tokens"] == .integer(9))
      for index in 0..<2 {
        let item = list["data"]?[index]
        #expect(item?["object"] == .string("embedding"))
        #expect(item?["index"] == .integer(index))
        #expect(item?["embedding"]?.floats == expected[index])
      }
    }
  }

  @Test("give the bytes of the numbers in Base64 where that is asked for")
  func base64() async throws {
    try await Way.router.ask { client, _ in
      let plain = try await client.post("/v1/embeddings", #"{"input": "a"}"#).json()
      let coded = try await client.post(
        "/v1/embeddings", #"{"input": "a", "encoding_format": "base64"}"#
      ).json()
      guard case .string(let text) = coded["data"]?[0]?["embedding"],
        let data = Data(base64Encoded: text)
      else {
        Issue.record("no Base64")
        return
      }
      let numbers = data.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: 4).map {
          Float(
            bitPattern: UInt32(
              littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
        }
      }
      #expect(numbers == plain["data"]?[0]?["embedding"]?.floats)
      #expect(numbers.count == 8)
    }
  }

  @Test("take ids as they are, one row or several")
  func tokens() async throws {
    let model = StubModel()
    try await Way.router.ask(model) { client, _ in
      let one = try await client.post("/v1/embeddings", #"{"input": [0, 17, 2]}"#).json()
      #expect(one["data"]?[0]?["embedding"]?.floats == UnitVector.of(model.vector(of: [0, 17, 2])))
      let two = try await client.post("/v1/embeddings", #"{"input": [[0, 17, 2], [5]]}"#).json()
      #expect(two["data"]?.count == 2)
      #expect(two["data"]?[1]?["embedding"]?.floats == UnitVector.of(model.vector(of: [5])))
      #expect(two["usage"]?["total_tokens"] == .integer(4))
    }
  }

  @Test(
    "begin each text with the prefix that was named",
    arguments: [("query", "query: "), ("passage", "passage: "), ("none", "")])
  func prefix(_ name: String, _ text: String) async throws {
    let model = StubModel()
    try await Way.router.ask(model) { client, _ in
      _ = try await client.post("/embed", #"{"inputs": "a", "prefix": "\#(name)"}"#)
      _ = try await client.post("/v1/embeddings", #"{"input": "a", "prefix": "\#(name)"}"#)
    }
    let row = try model.tokenize(text + "a")
    #expect(model.batches == [[row], [row]])
  }

  @Test("leave the vectors as they are where that is asked for")
  func raw() async throws {
    let model = StubModel()
    try await Way.router.ask(model) { client, _ in
      let json = try await client.post("/embed", #"{"inputs": "a", "normalize": false}"#).json()
      #expect(json[0]?.floats == model.vector(of: try model.tokenize("query: a")))
    }
  }

  @Test("do not touch a vector that has length 1, nor the null vector")
  func unit() {
    let unit: [Float] = [0.6, 0.8]
    #expect(UnitVector.of(unit) == unit)
    #expect(UnitVector.of([0, 0]) == [0, 0])
    #expect(UnitVector.of([3, 4]) == unit)
    #expect(UnitVector.of([1e-30, 0]) == [1, 0])
  }

  @Test(
    "refuse what they cannot embed, by the field's name",
    arguments: [
      (
        "/embed", #"{"inputs": "a", "normalise": true}"#, 422, "Validation",
        ["did you mean \"normalize\"?"]
      ),
      (
        "/embed", #"{"inputs": "a", "prefix": "search"}"#, 422, "Validation",
        ["\"passage\"", "\"search\""]
      ),
      ("/embed", #"{"inputs": {"text": "a"}}"#, 422, "Validation", ["\"inputs\"", "an object"]),
      ("/embed", #"{"inputs": "infinite"}"#, 424, "Backend", ["not finite"]),
      ("/v1/embeddings", #"{"inputs": "a"}"#, 422, "Validation", ["did you mean \"input\"?"]),
      ("/v1/embeddings", #"{"model": "m"}"#, 422, "Validation", ["\"input\"", "missing"]),
      (
        "/v1/embeddings", #"{"input": "a", "model": 3}"#, 422, "Validation",
        ["\"model\"", "a string"]
      ),
      (
        "/v1/embeddings", #"{"input": "a", "dimensions": 4}"#, 422, "Validation",
        ["\"dimensions\"", "expected 8", "found 4"]
      ),
      (
        "/v1/embeddings", #"{"input": "a", "encoding_format": "int8"}"#, 422, "Validation",
        ["\"base64\"", "\"int8\""]
      ),
      ("/v1/embeddings", #"{"input": [1, "a"]}"#, 422, "Validation", ["\"input\"[1]", "token id"]),
      ("/v1/embeddings", #"{"input": [[1], 2]}"#, 422, "Validation", ["\"input\"[1]"]),
      ("/v1/embeddings", #"{"input": [[1], []]}"#, 422, "Empty", ["\"input\"[1]"]),
      ("/v1/embeddings", #"{"input": [1000]}"#, 422, "Validation", ["0 to 999", "1000"]),
      ("/v1/embeddings", #"{"input": [-1]}"#, 422, "Validation", ["0 to 999"]),
      ("/v1/embeddings", #"{"input": []}"#, 422, "Empty", ["\"input\""]),
      ("/v1/embeddings", #"{"input": true}"#, 422, "Validation", ["\"input\"", "true"]),
      (
        "/v1/embeddings", #"{"input": [1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8]}"#, 422, "Validation",
        ["17 tokens", "limit is 16"]
      ),
    ])
  func refusals(
    _ path: String, _ body: String, _ status: Int, _ type: String, _ words: [String]
  ) async throws {
    for way in Way.allCases {
      try await way.ask { client, _ in
        try await client.post(path, body).expectError(status, type, words)
      }
    }
  }

  @Test("accept the dimensions that the model has")
  func dimensions() async throws {
    try await Way.router.ask { client, _ in
      let response = try await client.post("/v1/embeddings", #"{"input": "a", "dimensions": 8}"#)
      #expect(response.status == .ok)
    }
  }
}
