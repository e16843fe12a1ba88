// SPDX-License-Identifier: Apache-2.0

import Training

extension Recipe.Method {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, features, center
    case inversePenalty = "c"
    case balancesClasses = "balance"
    case words, tuning
    case codeSwitching = "codeSwitch"
    case members, seed
  }

  /// The base as it is, with each language's mean taken away or not.
  public init(
    name: String, center: Recipe.Centering = .none, tuning: TuningConfiguration? = nil
  ) {
    self.name = name
    features = .base
    self.center = center
    inversePenalty = nil
    balancesClasses = false
    words = 0
    self.tuning = tuning
  }

  /// Methods whose answers are taken together.
  public init(name: String, members: [String]) {
    self.init(name: name)
    self.members = members
  }

  /// What a recipe tries that names no methods.
  static let standard = [
    Self(name: "frozen"), Self(name: "centred", center: .language),
    Self(name: "naive", tuning: .naive),
    // A soft start: a converged classifier leaves tuning nothing to learn.
    Self(
      name: "tuned", features: .base, center: .language, inversePenalty: 5, balancesClasses: true,
      words: 0, tuning: .careful),
  ]

  /// What a recipe tries over word vectors that names no methods.
  static let standardStatic: [Self] = {
    var words = Self(name: "bag-of-words")
    words.features = .words
    var both = Self(name: "static-and-words")
    both.words = 1.5
    return [words, Self(name: "centred", center: .language), Self(name: "static"), both]
  }()

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    name = try fields.required(.name, "a name that results go by")
    // The name is a folder's too.
    guard !name.isEmpty, name.count <= 100, !name.contains("/"), !name.hasPrefix("."),
      !name.hasSuffix(".partial")
    else {
      throw fields.error(
        .name, "must be a plain word such as 'tuned', without '/' or a leading dot; found '\(name)'"
      )
    }
    members = try fields.value(.members)
    seed = try fields.value(.seed)
    if let members {
      guard members.count > 1, Set(members).count == members.count else {
        throw fields.error(
          .members, "must name two or more methods that differ, found \(members.count)")
      }
    }
    center = try fields.choice(.center, default: .none)
    inversePenalty = try fields.value(.inversePenalty)
    if let inversePenalty, inversePenalty <= 0 {
      throw fields.error(.inversePenalty, "must be positive, found \(inversePenalty)")
    }
    balancesClasses = try fields.value(.balancesClasses, default: false)
    if let preset = try? fields.value(.tuning, default: "") {
      tuning = TuningConfiguration.presets[preset]
      guard tuning != nil || ["", "none"].contains(preset) else {
        throw fields.error(
          .tuning,
          "must be none, \(TuningConfiguration.presetNames) or a section, found '\(preset)'")
      }
    } else {
      let section: TuningSection = try fields.required(.tuning, "a section")
      tuning = section.configuration
    }
    codeSwitching = try fields.value(.codeSwitching)
    features = try fields.choice(.features, default: .base)
    words = try fields.value(.words, default: 0)
    guard words >= 0, words.isFinite else {
      throw fields.error(.words, "must be 0 or more, found \(words)")
    }
    guard words == 0 || tuning == nil && features == .base else {
      throw fields.error(
        .words,
        "must be 0 with 'tuning' or 'features: words': words stand beside the vectors of a base that stays as it is"
      )
    }
    guard words == 0 || center != .mix else {
      throw fields.error(
        .center,
        "must be none or language with 'words': the mix is that of the base's vectors alone")
    }
    guard codeSwitching == nil || words == 0 && features == .base else {
      throw fields.error(
        .codeSwitching,
        "is for classifiers over the base's vectors alone: leave it out with 'words' or 'features: words'"
      )
    }
    guard members == nil || self == Self(name: name, members: members ?? []) else {
      throw fields.error(
        .members, "must stand alone beside 'name': the methods that are taken together say the rest"
      )
    }
    guard features == .base || tuning == nil && center == .none else {
      throw fields.error(
        .features,
        "must be base with 'tuning' or 'center': a bag of words has nothing to tune or to centre")
    }
  }
}
