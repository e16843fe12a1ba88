// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Identification {
  /// The identification as one line.
  ///
  /// Between tabs: language, script, probability; where more languages are asked for, each of the others with its
  /// probability, or empty; then, where the text is in several languages, these with their shares, else nothing;
  /// then the text. Or a JSON object.
  ///
  /// - Parameters:
  ///   - top: How many languages are asked for.
  ///   - text: The text, to be written too.
  ///   - file: The file it comes from, to be written in JSON.
  public func line(
    json: Bool, top: Int = 1, text: String? = nil, file: String? = nil
  ) -> String {
    guard json else {
      var fields = [name, script, Self.number(probability)]
      for place in 1..<max(top, 1) {
        let other = place < candidates.count ? candidates[place] : nil
        fields.append(other?.language.description ?? "")
        fields.append(other.map { Self.number($0.probability) } ?? "")
      }
      fields.append(
        mixture.map { "\($0.language)=\(Self.number($0.share, 2))" }.joined(separator: " "))
      if let text { fields.append(text.split(separator: "\t").joined(separator: " ")) }
      return fields.joined(separator: "\t")
    }
    return encoded(
      JSONLine(
        file: file, language: name, script: script, probability: Self.rounded(probability),
        candidates: top > 1
          ? candidates.map {
            .init(language: $0.language.description, probability: Self.rounded($0.probability))
          } : nil,
        mixed: mixture.isEmpty
          ? nil
          : mixture.map { .init(language: $0.language.description, share: Self.rounded($0.share)) },
        text: text))
  }

  /// A number between 0 and 10 with so many decimals, as C writes it, but without asking for its locale.
  static func number(_ value: Double, _ digits: Int = 6) -> String {
    let scale = (0..<digits).reduce(1) { power, _ in power * 10 }
    let scaled = Int((value * Double(scale)).rounded())
    let decimals = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: digits - decimals.utf8.count)
      + decimals
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}

/// What is written of a line of text.
private struct JSONLine: Encodable {
  struct Candidate: Encodable { var language: String, probability: Double }
  struct Part: Encodable { var language: String, share: Double }
  var file: String?
  var language: String
  var script: String
  var probability: Double
  var candidates: [Candidate]?
  var mixed: [Part]?
  var text: String?
}

extension LanguageReport {
  /// The report as one line.
  ///
  /// Between tabs: file, lines, how many are in the language, in none that is likely enough, in others; the
  /// others with their numbers; the first such lines. Or a JSON object.
  public func line(for file: String, json: Bool) -> String {
    if json {
      return encoded(
        JSONReport(
          file: file, expected: expected.description, lines: lineCount, matching: matching,
          undetermined: undetermined, mismatching: mismatching, mixed: mixed,
          others: otherLanguages.map { .init(language: $0.language, lines: $0.count) },
          first_mismatches: mismatches))
    }
    let others = otherLanguages.map { "\($0.language)=\($0.count)" }.joined(separator: " ")
    let numbers = [lineCount, matching, undetermined, mismatching].map(String.init)
    let first = mismatches.map(String.init).joined(separator: ",")
    return ([file] + numbers + [others, first]).joined(separator: "\t")
  }
}

/// What is written of a file.
private struct JSONReport: Encodable {
  struct Other: Encodable { var language: String, lines: Int }
  var file: String
  var expected: String
  var lines, matching, undetermined, mismatching, mixed: Int
  var others: [Other]
  var first_mismatches: [Int]
}

extension IdentificationEvaluation {
  /// The scores as a table, a line for each variant, with a header; or a JSON object a line.
  ///
  /// Accuracy, calibration error (ECE), right and wrong answers above the threshold, lines in unknown languages
  /// that are `und`, and lines told as mixed; of the model itself and then of the calibrated identifier.
  public func table(json: Bool) -> String {
    var lines: [String] = []
    let columns = ["accuracy", "ece", "right", "wrong", "und_of_unknown", "mixed"]
    if !json {
      lines.append(
        (["variant", "texts"] + columns.map { "raw_\($0)" } + columns).joined(separator: "\t"))
    }
    for (variant, raw, calibrated) in scores {
      let numbers = [raw, calibrated].map(\.summary)
      if json {
        lines.append(
          encoded(
            JSONScore(
              variant: variant.rawValue, texts: raw.count,
              raw: Dictionary(uniqueKeysWithValues: zip(columns, numbers[0])),
              calibrated: Dictionary(uniqueKeysWithValues: zip(columns, numbers[1])))))
      } else {
        lines.append(
          ([variant.rawValue, "\(raw.count)"]
            + (numbers[0] + numbers[1]).map { Identification.number($0, 4) })
            .joined(separator: "\t"))
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension IdentificationEvaluation.Score {
  /// The numbers of a table's row.
  fileprivate var summary: [Double] {
    let (known, unknown) = (Double(max(count, 1)), Double(max(unknownCount, 1)))
    return [
      accuracy, calibrationError, Double(correctAndDetermined) / known,
      Double(wrongAndDetermined) / known, Double(unknownUndetermined) / unknown,
      Double(mixed) / (Double(count + unknownCount) > 0 ? Double(count + unknownCount) : 1),
    ]
  }
}

/// What is written of a variant.
private struct JSONScore: Encodable {
  var variant: String
  var texts: Int
  var raw: [String: Double]
  var calibrated: [String: Double]
}

/// A value on one line of JSON, its keys sorted.
private func encoded(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  // Strings and numbers that are finite can always be written.
  return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}
