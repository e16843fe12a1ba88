// SPDX-License-Identifier: Apache-2.0

/// Limited-memory BFGS with a strong Wolfe line search (Nocedal and Wright 2006, algorithms 7.5, 3.5, 3.6).
///
/// For smooth functions of some thousand variables whose value and gradient are cheap. A convex function is
/// minimised to its only minimum, so the result does not depend on where the search starts.
public struct LBFGS: Sendable {
  /// A function's value and gradient at a point.
  public typealias Objective = ([Double]) throws -> (value: Double, gradient: [Double])

  /// Where the search ended.
  public struct Solution: Sendable {
    /// The point.
    public var point: [Double]
    /// The function's value there.
    public var value: Double
    /// The gradient's largest element, in absolute value.
    public var gradientSize: Double
    /// Steps taken.
    public var iterationCount: Int
    /// Whether the tolerance was reached.
    public var converged: Bool
  }

  /// Pairs of steps and gradient changes that are kept; 10.
  public var memory = 10
  /// The most steps; 1,000.
  public var iterationLimit = 1000
  /// The search ends when no element of the gradient is larger; 1e-6.
  public var tolerance = 1e-6

  /// The default settings.
  public init() {}

  /// Minimises `objective` from a point.
  public func minimize(_ objective: @escaping Objective, from start: [Double]) throws -> Solution {
    var point = start
    var (value, gradient) = try objective(point)
    var pairs: [(step: [Double], change: [Double], scale: Double)] = []
    var iteration = 0
    while iteration < iterationLimit, size(gradient) > tolerance {
      iteration += 1
      var direction = descent(gradient, pairs)
      var slope = dot(direction, gradient)
      if slope >= 0 {
        pairs = []
        direction = gradient.map { -$0 }
        slope = dot(direction, gradient)
      }
      // Without curvature yet, a step of length one is as good a guess as any.
      let first = pairs.isEmpty ? min(1, 1 / max(norm(gradient), 1e-12)) : 1
      let search = LineSearch(objective, point, direction, value, slope)
      guard let found = try search.run(first) else { break }
      let step = direction.map { $0 * found.length }
      let change = zip(found.gradient, gradient).map { $0 - $1 }
      let curvature = dot(step, change)
      if curvature > 1e-12 * norm(step) * norm(change) {
        pairs.append((step, change, 1 / curvature))
        if pairs.count > memory { pairs.removeFirst() }
      }
      point = found.point
      value = found.value
      gradient = found.gradient
    }
    return Solution(
      point: point, value: value, gradientSize: size(gradient), iterationCount: iteration,
      converged: size(gradient) <= tolerance)
  }

  /// The two-loop recursion: the inverse Hessian's estimate times the negative gradient.
  private func descent(
    _ gradient: [Double], _ pairs: [(step: [Double], change: [Double], scale: Double)]
  ) -> [Double] {
    var result = gradient.map { -$0 }
    var weights: [Double] = []
    for pair in pairs.reversed() {
      let weight = pair.scale * dot(pair.step, result)
      weights.append(weight)
      add(&result, pair.change, -weight)
    }
    if let last = pairs.last {
      let scale = 1 / (last.scale * dot(last.change, last.change))
      for index in result.indices { result[index] *= scale }
    }
    for (pair, weight) in zip(pairs, weights.reversed()) {
      add(&result, pair.step, weight - pair.scale * dot(pair.change, result))
    }
    return result
  }

  private func size(_ vector: [Double]) -> Double { vector.reduce(0) { max($0, abs($1)) } }
  private func norm(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }
}

private func dot(_ left: [Double], _ right: [Double]) -> Double {
  var sum = 0.0
  for index in left.indices { sum += left[index] * right[index] }
  return sum
}

private func add(_ target: inout [Double], _ other: [Double], _ scale: Double) {
  for index in target.indices { target[index] += scale * other[index] }
}

/// Looks along a direction for a step that lowers the value enough and flattens the slope enough.
private struct LineSearch {
  struct Point {
    var length: Double
    var point: [Double]
    var value: Double
    var gradient: [Double]
    var slope: Double
  }

  private static let decrease = 1e-4
  private static let flatness = 0.9

  private let objective: LBFGS.Objective
  private let origin: [Double]
  private let direction: [Double]
  private let value: Double
  private let slope: Double

  init(
    _ objective: @escaping LBFGS.Objective, _ origin: [Double], _ direction: [Double],
    _ value: Double, _ slope: Double
  ) {
    self.objective = objective
    self.origin = origin
    self.direction = direction
    self.value = value
    self.slope = slope
  }

  /// A point that meets the strong Wolfe conditions, or the best one found; nil when none is lower.
  func run(_ first: Double) throws -> Point? {
    var previous = Point(length: 0, point: origin, value: value, gradient: [], slope: slope)
    var length = first
    for attempt in 0..<20 {
      let current = try evaluate(length)
      let tooHigh = current.value > value + Self.decrease * length * slope
      if tooHigh || (attempt > 0 && current.value >= previous.value) {
        return try zoom(previous, current)
      }
      if abs(current.slope) <= -Self.flatness * slope { return current }
      if current.slope >= 0 { return try zoom(current, previous) }
      previous = current
      length *= 2
    }
    return previous.length > 0 ? previous : nil
  }

  private func zoom(_ low: Point, _ high: Point) throws -> Point? {
    var (low, high) = (low, high)
    for _ in 0..<30 {
      let current = try evaluate(between(low, high))
      if current.value > value + Self.decrease * current.length * slope
        || current.value >= low.value
      {
        high = current
      } else {
        if abs(current.slope) <= -Self.flatness * slope { return current }
        if current.slope * (high.length - low.length) >= 0 { high = low }
        low = current
      }
      if abs(high.length - low.length) < 1e-12 { break }
    }
    return low.length > 0 ? low : nil
  }

  /// The minimum of the parabola through both values and the lower end's slope, kept off the ends.
  private func between(_ low: Point, _ high: Point) -> Double {
    let width = high.length - low.length
    let bend = high.value - low.value - low.slope * width
    let fraction = bend > 0 ? -low.slope * width / (2 * bend) : 0.5
    return low.length + min(max(fraction, 0.1), 0.9) * width
  }

  private func evaluate(_ length: Double) throws -> Point {
    let point = zip(origin, direction).map { $0 + length * $1 }
    let (value, gradient) = try objective(point)
    return Point(
      length: length, point: point, value: value, gradient: gradient,
      slope: dot(gradient, direction))
  }
}
