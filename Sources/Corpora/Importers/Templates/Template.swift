// SPDX-License-Identifier: Apache-2.0

/// A sentence template in the grammar of hassil, which Home Assistant's intents are written in.
///
/// | written | means |
/// |---|---|
/// | `(a\|b)` | one of them |
/// | `[a]`, `[a\|b]` | one of them, or nothing |
/// | `(a;b)` | all of them, in any order |
/// | `{list}`, `{list:slot}` | a value of a list |
/// | `<rule>` | another template |
/// | `\(` | the character itself |
///
/// A template is a group as a whole, so that `a|b c` is `a` or `b c`. One group holds `|` or `;`, never
/// both.
indirect enum Template: Equatable, Sendable {
  /// Words as they are, with their spaces.
  case text(String)
  /// One after another, with nothing between.
  case sequence([Template])
  /// One of them.
  case choice([Template])
  /// All of them in any order, with spaces between.
  case permutation([Template])
  /// A value of a list.
  case list(String)
  /// Another template, by its name.
  case rule(String)
}
