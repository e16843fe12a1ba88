// SPDX-License-Identifier: Apache-2.0

internal import CTorch

/// The engine as a whole: version, threads, randomness.
public enum Engine {
  /// The version of libtorch that Koine was built against.
  public static var version: String { String(cString: ctorch_compiled_version()) }

  /// Fails with one sentence when the libtorch that was loaded is not the one compiled against.
  public static func verify() throws(TorchError) {
    let loaded = String(cString: ctorch_loaded_version())
    guard loaded != version else { return }
    throw TorchError(
      .engine,
      """
      koine was built for libtorch \(version), but \(loaded.isEmpty ? "another version" : loaded) \
      was loaded; unset LD_LIBRARY_PATH, or rebuild with LIBTORCH set to the engine you want
      """)
  }

  /// How many threads one operation may use on the calling thread's behalf.
  public static var threadCount: Int { Int(ctorch_thread_count()) }

  /// Sets ``threadCount``; call it on the compute thread.
  public static func setThreadCount(_ count: Int) throws(TorchError) {
    try check(ctorch_set_thread_count(Int32(clamping: count)), at: "threads")
  }

  /// Runs `body` with so many threads, after which there are as many as before; call it on the compute thread.
  public static func withThreads<Result>(
    _ count: Int, _ body: () throws -> Result
  ) throws -> Result {
    let before = threadCount
    try setThreadCount(count)
    let result = Swift.Result(catching: body)
    try setThreadCount(before)
    return try result.get()
  }

  /// Seeds the engine's generator, from which dropout and initial values draw.
  public static func seed(_ seed: UInt64) throws(TorchError) {
    try check(ctorch_seed(seed), at: "seed")
  }

  /// Gives the memory of freed tensors back that is kept for later ones, as after a training.
  public static func releaseFreeMemory() { ctorch_release_free_memory() }

  /// The bytes of tensors of a megabyte and more: those in use, and with what is kept for later ones.
  ///
  /// At most an eighth more is held than was once in use. Zeros where the system's allocator serves all tensors (not Linux).
  public static var largeTensorBytes: (used: Int, held: Int) {
    var (used, held): (Int64, Int64) = (0, 0)
    ctorch_large_tensor_bytes(&used, &held)
    return (Int(used), Int(held))
  }

  /// A number of 63 random bits from the engine's generator: a seed for chance that is drawn outside of the engine.
  public static func draw() throws(TorchError) -> UInt64 {
    let drawn = try randomIntegers(0, Int.max, [1], DType.int64)
    return UInt64(truncatingIfNeeded: try drawn.elements(as: Int64.self)[0])
  }

  private static let randomIntegers = Operator("aten::randint", "low")
}
