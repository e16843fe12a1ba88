// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

/// The model that is fetched by default, on real sentences: needs both.
@Suite(
  "Identification of real sentences",
  .enabled(
    if: SharedData.folder("sib200") != nil
      && ProcessInfo.processInfo.environment["KOINE_NETWORK_TESTS"] == "1",
    "set KOINE_NETWORK_TESTS=1 and have the shared data"))
struct SharedIdentificationTests {
  @Test("calibration makes upper-case and short lines better told, and probabilities honest")
  func calibration() throws {
    let folder = try #require(SharedData.folder("sib200"))
    let identifier = try FastTextIdentifier(contentsOf: IdentificationModel.file().path)
    var evaluation = IdentificationEvaluation(identifier)
    var seen = 0
    var texts: [(text: String, language: String)] = []
    try LanguageExamples(["\(folder.path)/{lang}/{split}.tsv"], split: "dev").forEach {
      seen += 1
      if seen % 5 == 0 { texts.append(($0, $1)) }
    }
    try evaluation.add(texts, threads: 2)
    for (variant, raw, calibrated) in evaluation.scores {
      #expect(calibrated.accuracy > raw.accuracy, "\(variant)")
      #expect(calibrated.calibrationError < raw.calibrationError, "\(variant)")
      #expect(calibrated.mixed * 100 < calibrated.count + calibrated.unknownCount, "\(variant)")
    }
  }
}
