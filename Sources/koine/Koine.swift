// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Torch

@main struct Koine: AsyncParsableCommand {
  func run() async throws {
    try Engine.verify()
    let v = try await Compute.run { () throws -> [Float] in
      let a = try Tensor((1...6).map { Float($0) }, shape: [2, 3])
      return try a.linear(a, nil, activation: .gelu).elements() + a.matmul(a.transposed()).elements()
    }
    print(v, Tensor.liveCount)
  }
}
