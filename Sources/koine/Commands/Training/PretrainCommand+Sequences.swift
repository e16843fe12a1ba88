// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Training
import Transfer

/// Pretraining of encoder-decoders.
extension PretrainCommand {
  /// Trains an encoder-decoder by span corruption.
  func trainSequences(to folder: URL, family: String) throws -> Trained {
    try checkSequences(family)
    var settings = SpanCorruptionTraining.Settings(base: base)
    settings.choice = moving.choice(default: .lora)
    settings.plan = course.plan(for: settings.choice.kind, headRate: nil)
    try guessing.apply(to: &settings.learning)
    settings.layout.maximumLength = maximumLength
    settings.layout.joinsLines = joinLines
    settings.name = name
    let files = try PretrainingFiles(train: train, development: development, column: text)
    let trainer = try SpanCorruptionTraining(settings) { Terminal.log($0) }
    try trainer.check(place: folder)
    let checkpoints = try CheckpointFolder(
      beside: folder, "pretrain", base: base, [settings, ["text": text]], files: files.roles,
      below: LowerAdapters([]))
    let texts = try files.texts()
    let result = try trainer.train(texts, checkpoints: checkpoints.url)
    try trainer.write(result, to: folder)
    checkpoints.remove()
    return (settings.choice.kind, texts.lineCount, result.tuned.course)
  }

  /// Refuses what is said for encoders alone.
  private func checkSequences(_ family: String) throws {
    guard guessing.objective == .spans else {
      throw ValidationError(
        "the base is an encoder-decoder (\(family)), which learns by --objective spans, found \(guessing.objective.rawValue)"
      )
    }
    let said: [(String, Bool)] = [
      ("--parallel", !parallel.isEmpty), ("--anchor", anchor > 0), ("--source", !source.isEmpty),
      ("--head", head != nil), ("--keep-head", keepHead), ("--below", !moving.below.isEmpty),
      ("--whole-words", guessing.wholeWords), ("--prefix", prefix.map { $0 != .none } ?? false),
    ]
    let names = said.filter(\.1).map(\.0)
    guard names.isEmpty else {
      throw ValidationError(
        "the base is an encoder-decoder (\(family)), and \(names.joined(separator: ", ")) is for encoders; leave it out"
      )
    }
  }
}
