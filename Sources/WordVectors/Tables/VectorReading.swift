// SPDX-License-Identifier: Apache-2.0

/// What is read of a file of vectors, and what is done about faults in it.
public struct VectorReading: Sendable, Hashable {
  /// What is done about a fault.
  public enum Faults: String, Sendable, Hashable, CaseIterable {
    /// The file is not read.
    case refuse
    /// Rows that are not finite and those whose word is empty are left out, of equal words the first stays, words may hold spaces,
    /// and the header's count need not be right: what gensim, MUSE and vecmap accept of these, and more.
    case skip
  }

  /// What is done about a fault; it is refused.
  public var faults = Faults.refuse
  /// How many vectors are read from the start; nil for all.
  public var limit: Int?
  /// Threads that read text; 1.
  public var threads = 1

  /// Reads everything, in one thread, and refuses faults.
  public init(faults: Faults = .refuse, limit: Int? = nil, threads: Int = 1) {
    self.faults = faults
    self.limit = limit
    self.threads = threads
  }
}

/// What was wrong with a file whose faults were passed over.
public struct VectorFaults: Sendable, Hashable {
  /// Rows left out whose word came before.
  public var duplicates = 0
  /// Rows left out that hold numbers that are not finite.
  public var notFinite = 0
  /// Rows left out whose word is empty.
  public var empty = 0
  /// Words with spaces in them.
  public var spaces = 0
  /// The vectors that the header names, where the file has another number.
  public var promised: Int?

  /// Whether nothing was wrong.
  public var isEmpty: Bool { self == VectorFaults() }
}
