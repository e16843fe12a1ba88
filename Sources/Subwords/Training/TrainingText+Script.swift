// SPDX-License-Identifier: Apache-2.0

import WritingSystems

extension TrainingText {
  /// The script that most letters of the text are of, among those that belong to some languages alone; nil where there is none.
  public var mainScript: Script? {
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
      let most = Script.all.filter(\.isSpecific).max {
        counts[Int($0.rawValue)] < counts[Int($1.rawValue)]
      }
      return most.flatMap { counts[Int($0.rawValue)] > 0 ? $0 : nil }
    }
  }
}
