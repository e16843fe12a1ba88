// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackageDescription

// The engine's folder: LIBTORCH, else what Scripts/engine keeps in the user's cache.
let environment = ProcessInfo.processInfo.environment
let cache = environment["KOINE_CACHE"] ?? "\(NSHomeDirectory())/.cache/koine"
let libtorch = environment["LIBTORCH"] ?? "\(cache)/libtorch-2.11.0/torch"

// pkg-config cannot carry an rpath through SwiftPM, hence the unsafe flags (decision 0002).
let engineCompile: [CXXSetting] = [
  .unsafeFlags(["-isystem", "\(libtorch)/include"]),
  .unsafeFlags(["-isystem", "\(libtorch)/include/torch/csrc/api/include"]),
]
let engineLink: [LinkerSetting] = [
  .unsafeFlags(["-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"]),
  .linkedLibrary("torch_cpu"),
  .linkedLibrary("c10"),
]

// Koine's own Metrics and swift-metrics' module of that name meet in one graph (decision 0004).
let metricsAlias = ["Metrics": "SwiftMetrics"]

let package = Package(
  name: "Koine",
  products: [
    .executable(name: "koine", targets: ["koine"]),
    .library(
      name: "Koine",
      targets: [
        "Corpora", "CrossLingual", "Metrics", "Reports", "Serving", "Subwords", "Tasks", "Torch",
        "Training", "Transfer", "Transformers", "WordVectors", "WritingSystems",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Ground floor: pure Swift, no engine. All stand on what Unicode says of scripts.
    .target(name: "WritingSystems"),
    .target(name: "WordVectors", dependencies: ["WritingSystems"]),
    .target(
      name: "Corpora",
      dependencies: [
        "WordVectors", "WritingSystems", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "Metrics"),
    .target(name: "Subwords", dependencies: ["WritingSystems"]),

    // The engine.
    .target(name: "CTorch", cxxSettings: engineCompile, linkerSettings: engineLink),
    .target(name: "Torch", dependencies: ["CTorch"]),

    // Models, tasks, training.
    .target(
      name: "Transformers",
      dependencies: ["Torch", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "Tasks",
      dependencies: ["Corpora", "Metrics", "Subwords", "Torch", "Transformers", "WordVectors"]),
    .target(name: "CrossLingual", dependencies: ["Torch", "WordVectors"]),
    .target(name: "Training", dependencies: ["Tasks", "Torch", "Transformers"]),

    // Evidence for people.
    .target(
      name: "Reports",
      dependencies: ["Metrics", "Subwords", .product(name: "Mustache", package: "swift-mustache")]),

    // The main job, and what serves its result.
    .target(
      name: "Transfer",
      dependencies: [
        "Corpora", "CrossLingual", "Metrics", "Reports", "Subwords", "Tasks", "Torch", "Training",
        "Transformers", "WordVectors", "WritingSystems",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "Serving",
      dependencies: [
        "Corpora", "Subwords", "Tasks", "Torch", "Transformers",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird", moduleAliases: metricsAlias),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "koine",
      dependencies: [
        "Corpora", "CrossLingual", "Metrics", "Reports", "Serving", "Subwords", "Tasks", "Torch",
        "Transfer", "Transformers", "WordVectors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),

    .target(
      name: "TestWorld", dependencies: ["Torch", "Transformers"], path: "Tests/TestWorld"),
    .target(name: "VectorWorld", dependencies: ["WordVectors"], path: "Tests/VectorWorld"),
    .testTarget(
      name: "CommandTests",
      dependencies: ["koine", "Subwords", "TestWorld", "Torch", "VectorWorld", "WordVectors"]),
    .testTarget(name: "CorporaTests", dependencies: ["Corpora"]),
    .testTarget(
      name: "CrossLingualTests",
      dependencies: ["CrossLingual", "Torch", "VectorWorld", "WordVectors"]),
    .testTarget(name: "SubwordsTests", dependencies: ["Subwords", "WritingSystems"]),
    .testTarget(name: "WordVectorsTests", dependencies: ["VectorWorld", "WordVectors"]),
    .testTarget(name: "WritingSystemsTests", dependencies: ["WritingSystems"]),
    .testTarget(
      name: "TasksTests",
      dependencies: [
        "Corpora", "Metrics", "Subwords", "Tasks", "TestWorld", "Torch", "Transformers",
        "WordVectors",
      ]),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Tasks", "TestWorld", "Torch", "Training", "Transformers"]),
    .testTarget(name: "TransformersTests", dependencies: ["TestWorld", "Torch", "Transformers"]),
    .testTarget(name: "TorchTests", dependencies: ["TestWorld", "Torch"]),
    .testTarget(
      name: "TransferTests",
      dependencies: [
        "Subwords", "Tasks", "TestWorld", "Torch", "Training", "Transfer", "Transformers",
        "WordVectors",
      ]),
    .testTarget(name: "MetricsTests", dependencies: ["Metrics"]),
    .testTarget(name: "ReportsTests", dependencies: ["Metrics", "Reports", "Subwords"]),
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "Corpora", "CrossLingual", "Metrics", "Subwords", "Tasks", "Torch", "Transfer",
        "Transformers", "WordVectors",
      ]),
    .testTarget(
      name: "ServingTests",
      dependencies: [
        "Serving",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "HummingbirdTesting", package: "hummingbird", moduleAliases: metricsAlias),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
