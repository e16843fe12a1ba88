// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// A folder of checkpoints, of which the newest whole one counts.
///
/// Each is a folder `step-N` with `training.json` and `training.safetensors` (parameters, moments, means and the best
/// weights). It is written beside its place and renamed, and older ones go when it is there: a kill at any moment
/// leaves one that is whole.
struct TrainingCheckpoints {
  let folder: URL

  private struct Document: Codable {
    var format = 1
    var plan: TrainingPlan
    var stepCount: Int
    var parameters: [String]
    var averaged: Int
    var best: BestWeights.Record
    var course: TrainingLoop.Course
  }

  private func place(_ step: Int) -> URL { folder.appendingPathComponent("step-\(step)") }

  private func names() -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  }

  /// Steps of the whole checkpoints, rising.
  private func steps() -> [Int] {
    names().compactMap { $0.hasPrefix("step-") ? Int($0.dropFirst(5)) : nil }.sorted()
  }

  func save(_ loop: TrainingLoop, _ course: TrainingLoop.Course, stepCount: Int) throws {
    let document = Document(
      plan: loop.plan, stepCount: stepCount, parameters: loop.parameters.map(\.name),
      averaged: loop.average.count, best: loop.best.record, course: course)
    try AtomicDirectory.write(place(course.step)) { partial in
      try SafetensorsFile.write(
        tensors(of: loop), to: partial.appendingPathComponent("training.safetensors"))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let file = partial.appendingPathComponent("training.json")
      do {
        try encoder.encode(document).write(to: file)
      } catch {
        throw TrainingError(
          .checkpoint, "cannot be written: \(error.localizedDescription)", at: file.path)
      }
    }
    for step in steps() where step != course.step {
      try? FileManager.default.removeItem(at: place(step))
    }
    // What trainings that were killed while they wrote left beside.
    for name in names() where name.hasPrefix(".step-") {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }

  /// Puts the newest checkpoint's tensors into a loop; nil where there is none.
  func load(into loop: TrainingLoop, stepCount: Int) throws -> TrainingLoop.Course? {
    guard let step = steps().last else { return nil }
    let path = place(step)
    let document: Document
    do {
      document = try JSONDecoder().decode(
        Document.self, from: Data(contentsOf: path.appendingPathComponent("training.json")))
    } catch {
      throw TrainingError(
        .checkpoint, "training.json is missing or damaged; remove the folder to begin anew",
        at: path.path)
    }
    guard document.plan == loop.plan, document.stepCount == stepCount,
      document.parameters == loop.parameters.map(\.name)
    else {
      throw TrainingError(
        .checkpoint,
        "it was made with other settings, examples or parameters; use those, or remove the folder to begin anew",
        at: path.path)
    }
    let file = try SafetensorsFile(path.appendingPathComponent("training.safetensors"))
    func tensor(_ kind: String, _ index: Int, like parameter: Tensor) throws -> Tensor {
      let name = "\(kind).\(index)"
      guard file.shape(name) != nil else {
        throw TrainingError(.checkpoint, "has no tensor '\(name)'", at: file.url.path)
      }
      let found = try file.tensor(name)
      guard found.shape == parameter.shape else {
        throw TrainingError(
          .checkpoint, "'\(name)' has shape \(found.shape), the model's is \(parameter.shape)",
          at: file.url.path)
      }
      // Files are mapped for reading; these tensors will be changed in place.
      return try found.clone()
    }
    try GradientMode.disabled {
      var index = 0
      var (means, kept): ([Tensor], [Tensor]) = ([], [])
      for (group, members) in loop.optimizer.groups.map(\.parameters).enumerated() {
        for (place, parameter) in members.enumerated() {
          try parameter.copy(from: tensor("parameter", index, like: parameter))
          if file.shape("step.\(index)") != nil {
            loop.optimizer.restore(
              AdamW.Moments(
                first: try tensor("first", index, like: parameter),
                second: try tensor("second", index, like: parameter),
                step: try file.tensor("step.\(index)").clone()),
              group: group, parameter: place)
          }
          if document.averaged > 0 { means.append(try tensor("mean", index, like: parameter)) }
          if document.best.isKept { kept.append(try tensor("best", index, like: parameter)) }
          index += 1
        }
      }
      loop.average.restore(means, count: document.averaged)
      loop.best.resume(document.best, kept)
    }
    return document.course
  }

  private func tensors(of loop: TrainingLoop) -> [(name: String, tensor: Tensor)] {
    var result: [(name: String, tensor: Tensor)] = []
    var index = 0
    for group in loop.optimizer.groups {
      for (parameter, moments) in zip(group.parameters, group.moments) {
        result.append(("parameter.\(index)", parameter))
        if let moments {
          result.append(("first.\(index)", moments.first))
          result.append(("second.\(index)", moments.second))
          result.append(("step.\(index)", moments.step))
        }
        index += 1
      }
    }
    for (index, mean) in loop.average.means.enumerated() { result.append(("mean.\(index)", mean)) }
    for (index, best) in loop.best.kept.enumerated() { result.append(("best.\(index)", best)) }
    return result
  }
}
