// SPDX-License-Identifier: Apache-2.0

/// Marks that stay apart for every kind of colour vision: eight colours times four shapes.
///
/// The colours are those of Okabe and Ito, "Color universal design", 2008; the style sheet
/// holds them, lighter on a dark page, as `--c0` to `--c7`.
enum Palette {
  static let colorCount = 8

  /// Outlines around the origin, about nine units across.
  static let shapes = [
    "M-4.2 0A4.2 4.2 0 1 0 4.2 0A4.2 4.2 0 1 0-4.2 0Z",  // disc
    "M-3.7-3.7H3.7V3.7H-3.7Z",  // square
    "M0-5.2L5.2 0 0 5.2-5.2 0Z",  // diamond
    "M0-5L4.8 3.6H-4.8Z",  // triangle
    "M-1.5-5H1.5V-1.5H5V1.5H1.5V5H-1.5V1.5H-5V-1.5H-1.5Z",  // cross
  ]

  /// The colour of the `index`th of many groups.
  static func color(_ index: Int) -> Int { index % colorCount }

  /// The shape of the `index`th of many groups.
  static func shape(_ index: Int) -> Int { index / colorCount % shapes.count }
}
