// SPDX-License-Identifier: Apache-2.0

/// What slots are filled with that a home fills with names of its own.
///
/// The values read alike in all languages, so that they tell nothing about the intent in one language more
/// than in another.
enum NeutralValues {
  /// Values for a list that has none.
  static func values(of list: String) -> [String] {
    switch list {
    case "area": ["Studio", "Loft", "A1", "B2", "Atelier"]
    case "floor": ["1", "2", "3"]
    case "name": ["Sonos", "Hue 1", "Shelly 2", "Nest", "Ikea 3", "Bosch"]
    case "timer_name": ["pizza", "pasta", "tea"]
    default: ["pizza", "Madonna", "Radio 1", "Mozart", "Berlin", "Anna"]
    }
  }
}
