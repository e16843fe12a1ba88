// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Transfer

extension TaskModel {
  /// Opens the model in a folder; its base is fetched where it is one that Koine knows and is not there.
  init(path: String) throws {
    try self.init(URL(fileURLWithPath: path)) { name in
      try BaseModels.directory(name) { Terminal.log($0) }
    }
  }
}
