// SPDX-License-Identifier: Apache-2.0

internal import CTorch

extension Tensor {
  /// The keys that each row of a decoder's step attends to, among all that are kept.
  public struct KeyRuns {
    fileprivate var runs: [ctorch_key_run]
    fileprivate var places: [Int32]?

    /// Keys that follow each other: for each row the first one and how many there are.
    public init(ranges: [Range<Int>]) {
      runs = ranges.map { ctorch_key_run(start: Int64($0.lowerBound), count: Int64($0.count)) }
    }

    /// Keys at any places, as many for each row, row after row in one list.
    public init(places: [Int32], rowCount: Int) {
      let count = places.count / max(rowCount, 1)
      runs = (0..<rowCount).map { ctorch_key_run(start: Int64($0 * count), count: Int64(count)) }
      self.places = places
    }
  }

  /// softmax(scale q Kᵀ + bias) V for one query in each row, the receiver being q, for inference.
  ///
  /// Keys are read where they were written, so that rows can end, change places and share a past without a copy.
  ///
  /// - Parameters:
  ///   - keys: `[slots, heads × width]`.
  ///   - values: `[slots, heads × width]`.
  ///   - runs: for each row of the receiver, `[rows, heads × width]`, the slots that it sees.
  ///   - headCount: heads.
  ///   - scale: what scores are multiplied with; 1/√width by default.
  ///   - bias: `[heads, 1, slots seen]`, added to the scores.
  public func stepAttention(
    keys: Tensor, values: Tensor, runs: KeyRuns, headCount: Int, scale: Double? = nil,
    bias: Tensor? = nil
  ) throws(TorchError) -> Tensor {
    var result: OpaquePointer?
    let status =
      runs.places.map { places in
        ctorch_step_attention(
          reference, keys.reference, values.reference, runs.runs, runs.runs.count, places,
          places.count, Int64(headCount), scale ?? attentionScale(headCount), bias?.reference,
          &result)
      }
      ?? ctorch_step_attention(
        reference, keys.reference, values.reference, runs.runs, runs.runs.count, nil, 0,
        Int64(headCount), scale ?? attentionScale(headCount), bias?.reference, &result)
    try check(status, at: "step attention")
    guard let result else { throw TorchError(.operation, "no result", at: "step attention") }
    return Tensor(owning: result)
  }
}
