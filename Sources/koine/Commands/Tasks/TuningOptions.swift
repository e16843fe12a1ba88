// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tasks
import Training

/// Options that say what of a task's model moves, and how.
struct TuningOptions: ParsableArguments {
  @OptionGroup var moving: MethodOptions
  @OptionGroup var course: CourseOptions

  @Option(help: ArgumentHelp("Probability that is spread over all classes.", valueName: "share"))
  var labelSmoothing = 0.0

  @Flag(help: "Let classes weigh the same in all, whatever their number of examples.")
  var balance = false

  @Option(
    help: ArgumentHelp(
      """
      Texts and their translations without labels, which should get the same answers, as 'koine align --pairs' takes them; may be repeated. \
      Of classification and tagging.
      """, valueName: "file"))
  var agree: [String] = []

  @Option(
    help: ArgumentHelp(
      "What agreeing about --agree counts beside the labelled examples; 1.", valueName: "weight"))
  var agreement: Double?

  @Option(
    help: ArgumentHelp(
      """
      Try so many settings on --development first (random rates, successive halving) and tune with the best.
      """, valueName: "count"))
  var search: Int?

  /// What moves.
  var choice: TuningChoice { moving.choice(default: .lora) }

  /// How it moves.
  func plan(for task: TaskKind) -> TrainingPlan {
    let kind = choice.kind
    return course.plan(
      for: kind, headRate: kind.standardHeadRate(poolsStates: task.poolsStates))
  }

  func validate() throws {
    guard search ?? 1 > 0 else {
      throw ValidationError("--search must be at least 1, found \(search ?? 0)")
    }
    guard agreement == nil || !agree.isEmpty else {
      throw ValidationError("--agreement is for --agree, pairs of texts; name a file")
    }
    guard agreement ?? 1 > 0 else { throw ValidationError("--agreement must be above 0") }
  }
}
