// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Transfer

/// Where vectors are kept while and after they are made.
struct VectorWorkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Keep the texts' vectors here: a run that was killed goes on where it was, one with other settings uses them again. By default \
      beside --output until that is written.
      """, valueName: "folder"))
  var work: String?

  /// Runs `body` with the folder; vectors and adapters in one beside the output are removed when `body` is done.
  func withFolder(output: String?, _ body: (URL?) throws -> Void) throws {
    if let work { return try body(URL(fileURLWithPath: work)) }
    guard let output else { return try body(nil) }
    let folder = URL(fileURLWithPath: output + ".work")
    try body(folder)
    let files = FileManager.default
    guard let names = try? files.contentsOfDirectory(atPath: folder.path) else { return }
    // What else a folder of that name may hold is not ours.
    for name in names
    where name.hasSuffix(".npy") || name.hasPrefix(IteratedMining.adapterPrefix) {
      try files.removeItem(at: folder.appendingPathComponent(name))
    }
    rmdir(folder.path)
  }
}
