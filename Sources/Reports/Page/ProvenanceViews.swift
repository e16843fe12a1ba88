// SPDX-License-Identifier: Apache-2.0

/// A dataset and where it came from.
struct DatasetView {
  let dataset: String
  let origin: String
  let version: String
  let licence: String
  let counts: [TransferReport.Field]
  let hashes: [TransferReport.Field]
  let hasHashes: Bool

  init(_ dataset: TransferReport.Dataset) {
    self.dataset = dataset.name
    origin = dataset.source
    version = dataset.version
    licence = dataset.licence
    counts = dataset.counts
    hashes = dataset.hashes
    hasHashes = !dataset.hashes.isEmpty
  }
}

/// What the job cost.
struct CostsView {
  /// One stage, with its share of the longest as the width of a bar.
  struct Line {
    let stage: String
    let time: String
    let width: String
  }

  let lines: [Line]
  let total: String
  let peak: String

  init?(_ report: TransferReport) {
    guard !report.stages.isEmpty || report.peakMemoryBytes != nil else { return nil }
    let seconds = report.stages.map { stage in
      stage.seconds.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
    let longest = max(seconds.compactMap { $0 }.max() ?? 0, 1e-9)
    lines = zip(report.stages, seconds).map { stage, seconds in
      Line(
        stage: stage.name, time: seconds == nil ? "reused" : Numbers.duration(seconds),
        width: Numbers.place((seconds ?? 0) / longest * 100))
    }
    let measured = seconds.compactMap { $0 }
    total = Numbers.duration(measured.isEmpty ? nil : measured.reduce(0, +))
    peak = Numbers.bytes(report.peakMemoryBytes)
  }
}
