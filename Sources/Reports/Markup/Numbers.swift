// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How numbers are written on the page; what was not measured is an em dash.
enum Numbers {
  /// The sign for "not measured".
  static let none = "—"

  /// A number with fixed decimals and a true minus sign.
  static func fixed(_ value: Double?, decimals: Int, signed: Bool = false) -> String {
    guard let value, value.isFinite else { return none }
    let digits = String(format: "%.\(decimals)f", abs(value))
    let isZero = !digits.utf8.contains { (0x31...0x39).contains($0) }
    let sign = isZero ? "" : value < 0 ? "−" : signed ? "+" : ""
    return sign + digits
  }

  /// A share of 1 as percent, without the sign: `0.7812` is `78.1`.
  static func percent(_ share: Double?) -> String { fixed(share.map { $0 * 100 }, decimals: 1) }

  /// A difference of shares in points: `-0.104` is `−10.4`.
  static func points(_ difference: Double?) -> String {
    fixed(difference.map { $0 * 100 }, decimals: 1)
  }

  /// A whole number in groups of three: `1,247`.
  static func count(_ value: Int?) -> String {
    guard let value else { return none }
    let digits = Array(String(value.magnitude).utf8)
    var result = value < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "," }
      result.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return result
  }

  /// A large count in short: `1.2 M`.
  static func short(_ value: Int?) -> String {
    guard let value else { return none }
    switch abs(Double(value)) {
    case 1e9...: return fixed(Double(value) / 1e9, decimals: 1) + " B"
    case 1e6...: return fixed(Double(value) / 1e6, decimals: 1) + " M"
    case 1e4...: return fixed(Double(value) / 1e3, decimals: 0) + " k"
    default: return count(value)
    }
  }

  /// A length of time: `3.2 s`, `4 min 05 s`, `1 h 12 min`.
  static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds < 1e9 else { return none }
    if seconds < 59.95 { return fixed(seconds, decimals: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 3_600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    return "\(whole / 3_600) h \(twoDigits(whole % 3_600 / 60)) min"
  }

  /// An amount of memory in binary units: `1.8 GiB`.
  static func bytes(_ value: Int?) -> String {
    guard let value else { return none }
    let amount = Double(value)
    return abs(amount) >= 0x1p30
      ? fixed(amount / 0x1p30, decimals: 1) + " GiB"
      : fixed(amount / 0x1p20, decimals: 0) + " MiB"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
