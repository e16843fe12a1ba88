// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Torch

@Suite(.serialized) struct TensorTests {
  @Test("shapes that do not fit give an error with a message, not a crash")
  func shapeError() throws {
    let error = #expect(throws: TorchError.self) {
      try Tensor([Float(1), 2], shape: [1, 2]).matmul(Tensor([Float(1)], shape: [1, 1]))
    }
    #expect(error?.code == .operation && error?.message.isEmpty == false)
    #expect(throws: TorchError.self) { try Tensor([Float(1)], shape: [2]) }
  }

  @Test("the fused linear map gives what product, bias and activation give one by one")
  func fusedLinear() async throws {
    try await Compute.run {
      try Engine.seed(1)
      let (x, w, b) = (
        try Tensor.normal([5, 7]), try Tensor.normal([3, 7]), try Tensor.normal([3])
      )
      for activation in [nil, Tensor.Activation.gelu, .relu, .tanh] {
        let fused = try GradientMode.disabled { try x.linear(w, b, activation: activation) }
        let plain = try GradientMode.enabled { try x.linear(w, b, activation: activation) }
        let difference = try fused.subtracting(plain).elements(as: Float.self).map(abs).max() ?? 1
        #expect(difference < 1e-5)
      }
    }
  }

  @Test("tensor work runs on a thread of its own")
  func computeThread() async {
    #expect(await Compute.run { Compute.isCurrent })
    #expect(!Compute.isCurrent)
  }

  @Test("L-BFGS finds the minimum of Rosenbrock's valley")
  func lbfgs() throws {
    var solver = LBFGS()
    solver.tolerance = 1e-8
    let solution = try solver.minimize(
      { point in
        let (x, y) = (point[0], point[1])
        let value = (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
        return (value, [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])
      }, from: [-1.2, 1])
    #expect(solution.converged)
    #expect(abs(solution.point[0] - 1) < 1e-6 && abs(solution.point[1] - 1) < 1e-6)
  }

  @Test("an engine of the version that was compiled against passes the check")
  func version() throws {
    try Engine.verify()
    #expect(Engine.version == "2.11.0")
  }
}
