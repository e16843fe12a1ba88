// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Transfer

extension TaskModel {
  /// Opens the model in a folder; its base is fetched where it is one that Koine knows and is not there.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - below: folders of adapters in the place of those below what was tuned; none for those of the tuning.
  init(path: String, below: [String] = []) throws {
    let model = try TaskModel(URL(fileURLWithPath: path)) { name in
      try BaseModels.directory(name) { Terminal.log($0) }
    }
    self = below.isEmpty ? model : try model.above(LowerAdapters(below).opened(for: model.base))
  }
}
