// SPDX-License-Identifier: Apache-2.0

import WritingSystems

extension TrainingText {
  /// The scripts that the text is in, the most used first: those of some writing that a fifth of its letters are of; none where
  /// it has no letters.
  public var mainScripts: [Script] {
    get throws(SubwordError) {
      var counts = [Int64](repeating: 0, count: Script.all.count)
      for language in languages.indices {
        try forEachWord(of: language) { (word, count) throws(SubwordError) in
          var index = 0
          while index < word.count {
            let (value, length) = UTF8Scalar.decode(word, at: index)
            if let scalar = Unicode.Scalar(value) {
              counts[Int(scalar.script.rawValue)] += count
            }
            index += length
          }
        }
      }
      let scripts = Script.all.filter(\.isSpecific)
      let total = scripts.reduce(0) { $0 + counts[Int($1.rawValue)] }
      return scripts.filter { total > 0 && counts[Int($0.rawValue)] * 5 >= total }
        .sorted { (counts[Int($1.rawValue)], $0) < (counts[Int($0.rawValue)], $1) }
    }
  }
}
