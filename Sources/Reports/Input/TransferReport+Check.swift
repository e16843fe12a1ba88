// SPDX-License-Identifier: Apache-2.0

extension TransferReport {
  /// The most points that a projection draws.
  public static let pointLimit = 1_500
  /// The most mistakes that are listed.
  public static let mistakeLimit = 100
  /// The most classes that a confusion matrix shows; the rarest others are folded into one.
  public static let confusionLimit = 40

  /// Refuses evidence that contradicts itself.
  ///
  /// - Throws: `ReportsError` naming the part and what is wrong with it.
  func check() throws(ReportsError) {
    var names: Set<String> = []
    for method in methods where !names.insert(method.name).inserted {
      throw ReportsError(
        .inconsistent, "expected each method once, found “\(method.name)” twice", at: "methods")
    }
    if let headlineMethod, !names.contains(headlineMethod) {
      throw ReportsError(
        .inconsistent, "expected one of the methods, found “\(headlineMethod)”",
        at: "headlineMethod")
    }
    var pairs: Set<[String]> = []
    for score in scores {
      guard names.contains(score.method) else {
        throw ReportsError(
          .inconsistent,
          "expected a score of one of the methods, found “\(score.method)”; add it to them",
          at: "scores of \(score.language)")
      }
      guard pairs.insert([score.method, score.language]).inserted else {
        throw ReportsError(
          .inconsistent, "expected one score per language, found two of “\(score.method)”",
          at: "scores of \(score.language)")
      }
    }
    for table in confusions
    where table.rows.count != table.labels.count
      || table.rows.contains(where: { $0.count != table.labels.count })
    {
      throw ReportsError(
        .inconsistent,
        "expected \(table.labels.count) rows of as many counts, one per label, found others",
        at: "confusion “\(table.title)”")
    }
  }
}
