// SPDX-License-Identifier: Apache-2.0

import Tasks
import Training
import Transformers

extension TaskTraining {
  /// Pairs of texts as a task's answers are to agree about them; nil where there are none.
  ///
  /// Words of tagged sentences are linked by how alike they are in a middle layer of the base (SimAlign's mutual best).
  ///
  /// - Throws: `TaskError` for a task whose answers are not classes of a text or of its words, and for examples of pairs of texts.
  func agreement<Task: FileTask>(
    _ task: Task, _ examples: [LabelledExample<Task.Input, Task.Gold>],
    _ pairs: [(source: String, target: String)],
    _ base: TextEncoder, _ rows: RowEncoder
  ) throws -> TaskAgreement<Task.Feature>? {
    guard !pairs.isEmpty else { return nil }
    guard let agreeing = task as? any AgreeingTask else {
      throw TaskError(
        .training,
        "answers can agree about translations in classification and tagging, where they are classes; leave the pairs out of "
          + "\(Task.name)")
    }
    func made<Agreeing: AgreeingTask>(_ task: Agreeing) throws -> Any {
      try agreement(task, examples.map { $0.input }, pairs, base, rows)
    }
    return try made(agreeing) as? TaskAgreement<Task.Feature>
  }

  private func agreement<Task: AgreeingTask>(
    _ task: Task, _ inputs: [any Sendable], _ pairs: [(source: String, target: String)],
    _ base: TextEncoder,
    _ rows: RowEncoder
  ) throws -> TaskAgreement<Task.Feature> {
    guard inputs.allSatisfy({ ($0 as? Task.Input).map(Task.isOneText) ?? false }) else {
      throw TaskError(
        .training,
        "answers about pairs of texts cannot be compared with those about one text and its translation; leave the pairs to "
          + "agree about out")
    }
    let links = try Task.classifiesWords ? WordLinks(base).links(of: pairs) : nil
    var result: [TaskAgreement<Task.Feature>.Pair] = []
    for (index, pair) in pairs.enumerated() {
      func feature(_ text: String) throws -> Task.Feature? {
        let input = Task.input(ofText: text, words: AlignmentRows.words(of: text))
        return try task.features(of: input, gold: nil, rows).first
      }
      guard let source = try feature(pair.source), let target = try feature(pair.target) else {
        continue
      }
      guard let own = links?[index] else {
        result.append(.init(source, target))
        continue
      }
      let items = own.compactMap { link -> (source: Int, target: Int)? in
        guard let first = task.item(ofWord: link.source, in: source),
          let second = task.item(ofWord: link.target, in: target)
        else { return nil }
        return (first, second)
      }
      result.append(.init(source, target, links: items))
    }
    return try TaskAgreement(task, result, weight: settings.agreement)
  }
}
