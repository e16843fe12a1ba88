// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

/// A head in a directory: `task.json` says which task it is of, `head.safetensors` holds its parameters.
public struct TaskDirectory: Sendable {
  /// The version of the format.
  public static let format = "koine.task/v1"
  /// The file that says which task it is.
  public static let descriptionFile = "task.json"
  /// The file of the parameters.
  public static let headFile = "head.safetensors"

  /// The directory.
  public let url: URL
  /// The task's name, as ``TuningTask/name`` has it.
  public let task: String

  /// Opens a directory that a task was written to.
  ///
  /// - Throws: `TransformerError` where it holds none.
  public init(_ url: URL) throws {
    self.url = url
    let file = url.appendingPathComponent(Self.descriptionFile)
    guard let data = try? Data(contentsOf: file) else {
      throw TransformerError(
        .file, "there is no \(Self.descriptionFile); expected a directory that holds a task's head",
        at: url.path)
    }
    guard let name = try? JSONDecoder().decode(Name.self, from: data), name.format == Self.format
    else {
      throw TransformerError(
        .configuration, "not a description of the format \(Self.format)", at: file.path)
    }
    task = name.task
  }

  /// The task, which must be of the type asked for.
  public func task<Task: TuningTask>(as type: Task.Type = Task.self) throws -> Task {
    let file = url.appendingPathComponent(Self.descriptionFile)
    guard task == Task.name else {
      throw TransformerError(
        .configuration, "expected a head for \(Task.name), found one for \(task)", at: file.path)
    }
    do {
      return Task(
        try JSONDecoder().decode(
          Description<Task.Configuration>.self, from: Data(contentsOf: file)
        ).configuration)
    } catch {
      throw TransformerError(
        .configuration, "the configuration of \(task) in it cannot be read", at: file.path)
    }
  }

  /// The head's parameters, to be read as ``TuningTask/head(_:_:)`` asks for them.
  public func parameters() throws -> ParameterStore {
    ParameterStore(.files([try SafetensorsFile(url.appendingPathComponent(Self.headFile))]))
  }

  /// Writes a task and the parameters of its head into a directory that is there.
  public static func write<Task: TuningTask>(
    _ task: Task, _ parameters: ParameterStore, to url: URL
  ) throws {
    try SafetensorsFile.write(
      parameters.parameters.map { ($0.name, $0.tensor) },
      to: url.appendingPathComponent(headFile))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(
      Description(format: format, task: Task.name, configuration: task.configuration)
    ).write(to: url.appendingPathComponent(descriptionFile), options: .atomic)
  }

  private struct Name: Decodable {
    var format, task: String
  }

  private struct Description<Configuration: Codable>: Codable {
    var format, task: String
    var configuration: Configuration
  }
}
