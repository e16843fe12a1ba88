// SPDX-License-Identifier: Apache-2.0

/// A labelled example of a file.
public struct FileExample<Task: TuningTask>: Sendable {
  /// The example.
  public var example: LabelledExample<Task.Input, Task.Gold>
  /// What it must share a split with: its paragraph, its template; nil for nothing.
  public var group: String?

  /// An example and its group.
  public init(_ example: LabelledExample<Task.Input, Task.Gold>, group: String? = nil) {
    self.example = example
    self.group = group
  }
}
