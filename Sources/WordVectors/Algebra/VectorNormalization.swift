// SPDX-License-Identifier: Apache-2.0

/// What is done to the vectors of a language before they are mapped, step after step.
public struct VectorNormalization: Sendable, Hashable {
  /// One step.
  public enum Step: String, Sendable, Hashable, CaseIterable {
    /// Each vector to length 1; one of length 0 stays.
    case unit
    /// The mean of all vectors is subtracted from each.
    case center
  }

  /// The steps in their order.
  public var steps: [Step]

  /// Steps in their order.
  public init(_ steps: [Step]) { self.steps = steps }

  /// Steps by names with commas between, those of MUSE too: unit or renorm, center, none.
  ///
  /// - Throws: `WordVectorError.Code.argument` for a name that is not known.
  public init(named names: String) throws(WordVectorError) {
    steps = []
    for name in names.split(separator: ",") where name != "none" {
      guard let step = Step(rawValue: name == "renorm" ? "unit" : String(name)) else {
        throw WordVectorError(
          .argument, "the step of normalisation is not known", expected: "unit, center or none",
          found: "'\(name)'")
      }
      steps.append(step)
    }
  }

  /// The steps with the means that they subtract, for all vectors of a language.
  public func fitted(to vectors: VectorMatrix, threads: Int = 1) -> FittedNormalization {
    var fitted = FittedNormalization(parts: [])
    for step in steps {
      switch step {
      case .unit: fitted.parts.append(.unit)
      case .center: fitted.parts.append(.subtract(fitted.mean(of: vectors, threads: threads)))
      }
    }
    return fitted
  }
}

/// Steps of normalisation that know the means which they subtract, so that vectors can be treated a few at a time.
public struct FittedNormalization: Sendable, Hashable {
  package enum Part: Sendable, Hashable {
    case unit
    case subtract([Double])
  }

  var parts: [Part]

  package init(parts: [Part]) { self.parts = parts }

  /// The means that are subtracted, in the order of the steps.
  public var means: [[Double]] {
    parts.compactMap { if case .subtract(let mean) = $0 { mean } else { nil } }
  }

  /// Treats one vector where it stands.
  func apply(_ vector: UnsafeMutableBufferPointer<Double>) {
    for part in parts {
      switch part {
      case .unit:
        var square = 0.0
        for number in vector { square += number * number }
        guard square > 0 else { continue }
        let scale = 1 / square.squareRoot()
        for index in vector.indices { vector[index] *= scale }
      case .subtract(let mean): for index in vector.indices { vector[index] -= mean[index] }
      }
    }
  }

  /// The vectors, treated.
  public func apply(to vectors: VectorMatrix, threads: Int = 1) -> VectorMatrix {
    guard !parts.isEmpty else { return vectors }
    let width = vectors.columns
    return VectorMatrix(rows: vectors.rows, columns: width) { buffer in
      nonisolated(unsafe) let buffer = buffer
      parallelRanges(vectors.rows, threads: threads) { range in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { vector in
          for row in range {
            let source = vectors[row]
            for column in 0..<width { vector[column] = Double(source[column]) }
            apply(vector)
            for column in 0..<width { buffer[row * width + column] = Float(vector[column]) }
          }
        }
      }
    }
  }

  /// The mean of treated vectors, added up in blocks of a fixed size, so that threads are no matter.
  fileprivate func mean(of vectors: VectorMatrix, threads: Int) -> [Double] {
    let width = vectors.columns
    let size = 4096
    let blocks = Array(0..<(vectors.rows + size - 1) / size)
    let sums = blocks.mapInParallel(threads: threads, chunkSize: 1) { block in
      var sum = [Double](repeating: 0, count: width)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { vector in
        for row in block * size..<min(vectors.rows, block * size + size) {
          let source = vectors[row]
          for column in 0..<width { vector[column] = Double(source[column]) }
          apply(vector)
          for column in 0..<width { sum[column] += vector[column] }
        }
      }
      vectors.slice(block * size..<min(vectors.rows, block * size + size)).release()
      return sum
    }
    var mean = [Double](repeating: 0, count: width)
    for sum in sums { for column in 0..<width { mean[column] += sum[column] } }
    return mean.map { $0 / Double(max(vectors.rows, 1)) }
  }
}
