// SPDX-License-Identifier: Apache-2.0

import Transformers

/// What moves when a task is tuned, beside its head.
public enum TuningMethod: Sendable, Equatable {
  /// Nothing: the head learns from states as they are.
  case head
  /// The body's own parameters, those that ``TrainingPlan/selection`` lets move.
  case body
  /// A fresh adapter of a kind; the body stays.
  case adapter(Adapter.Kind)
}
