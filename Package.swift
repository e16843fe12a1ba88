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

let package = Package(
  name: "Koine",
  products: [
    .executable(name: "koine", targets: ["koine"]),
    .library(name: "Koine", targets: ["Torch"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .target(name: "CTorch", cxxSettings: engineCompile, linkerSettings: engineLink),
    .target(name: "Torch", dependencies: ["CTorch"]),
    .target(name: "Transformers", dependencies: ["Torch"]),
    .target(name: "Tasks", dependencies: ["Subwords", "Torch", "Transformers"]),
    .target(name: "CrossLingual", dependencies: ["Torch"]),
    .target(name: "Training", dependencies: ["Tasks", "Torch", "Transformers"]),
    .target(
      name: "Transfer",
      dependencies: [
        "CrossLingual", "Tasks", "Torch", "Training",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ]
    ),
    .target(name: "Subwords"),
    .executableTarget(
      name: "koine",
      dependencies: [
        "Torch", "Transformers",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .testTarget(name: "GoldenTests", dependencies: ["Torch", "Transformers"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
