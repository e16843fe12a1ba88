// SPDX-License-Identifier: Apache-2.0

import WritingSystems

extension Script {
  /// Whether words of this script stand without spaces between them, so that what white space parts is no word.
  ///
  /// These are the scripts whose lines are broken by a dictionary or anywhere (UAX #14, classes SA and ID),
  /// Tibetan, which parts syllables by a mark, and Javanese and Balinese.
  var runsOn: Bool { Self.runOn.contains(self) }

  private static let runOn = Set(
    [
      "Hani", "Hira", "Kana", "Bopo", "Yiii", "Tang", "Nshu", "Kits", "Thai", "Laoo", "Mymr",
      "Khmr", "Tale",
      "Talu", "Lana", "Tavt", "Ahom", "Tibt", "Java", "Bali",
    ].compactMap { Script(code: $0) })
}
