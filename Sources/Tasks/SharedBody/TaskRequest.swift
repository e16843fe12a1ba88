// SPDX-License-Identifier: Apache-2.0

import Transformers

/// Examples of one task to answer, with the head that answers and the adapters that the body uses for them.
public struct TaskRequest<Task: TuningTask> {
  /// The task.
  public var task: Task
  /// Its head.
  public var head: TaskHead
  /// What the body uses for these examples; nil for the body alone.
  public var adapters: AdapterComposition?
  /// The examples.
  public var inputs: [Task.Input]
  /// The most tokens of a row; nil for as many as the body takes.
  public var maximumLength: Int?

  /// A request.
  public init(
    _ task: Task, _ head: TaskHead, adapters: AdapterComposition? = nil, inputs: [Task.Input],
    maximumLength: Int? = nil
  ) {
    self.task = task
    self.head = head
    self.adapters = adapters
    self.inputs = inputs
    self.maximumLength = maximumLength
  }
}
