// SPDX-License-Identifier: Apache-2.0

/// What the templates see: text to be escaped, and drawings that already are.
///
/// Where a name is missing in an inner view, the engine looks for it in the outer ones, so names
/// are not used twice along one path.
struct PageView {
  let title: String
  let style: String
  let script: String
  let sentence: String
  let tiles: [Headline.Tile]
  let facts: [TransferReport.Field]
  let languages: LanguagesView?
  let methods: [MethodView]
  let comparesMethods: Bool
  let projection: ProjectionView?
  let hasClasses: Bool
  let measure: String
  let reliability: [ReliabilityView]
  let confusions: [ConfusionView]
  let hasMistakes: Bool
  let mistakes: MistakesView
  let datasets: [DatasetView]
  let baseEncoder: [TransferReport.Field]
  let hasBase: Bool
  let recipe: String?
  let costs: CostsView?
  let notes: [String]
  let hasNotes: Bool

  init(_ report: TransferReport) {
    let evidence = Evidence(report)
    let headline = Headline(evidence: evidence)
    title = report.title
    style = StyleSheet.css + ConfusionHeatMap.style
    script = Script.javaScript
    sentence = headline.sentence
    tiles = headline.tiles
    facts = report.header
    languages = evidence.languages.isEmpty ? nil : LanguagesView(evidence)
    methods = evidence.standings.map { MethodView(evidence, $0) }
    comparesMethods = !report.methods.isEmpty
    projection = ProjectionView(evidence)
    hasClasses = report.measure == nil
    measure = report.measure ?? "Accuracy"
    reliability = report.reliability.map {
      ReliabilityView(
        group: $0.title, error: Numbers.percent($0.calibrationError),
        items: Numbers.count($0.bins.reduce(0) { $0 + $1.count }),
        chart: ReliabilityChart(table: $0).svg)
    }
    confusions = report.confusions.map {
      let map = ConfusionHeatMap($0)
      return ConfusionView(heatMap: map.html, folded: map.folded > 0 ? map.folded : nil)
    }
    hasMistakes = !report.mistakes.isEmpty
    mistakes = MistakesView(evidence)
    datasets = report.datasets.map(DatasetView.init)
    baseEncoder = report.baseEncoder
    hasBase = !report.baseEncoder.isEmpty
    recipe = report.recipe.isEmpty ? nil : report.recipe
    costs = CostsView(report)
    notes = report.notes
    hasNotes = !report.notes.isEmpty
  }
}

/// A reliability diagram with its caption.
struct ReliabilityView {
  let group: String
  let error: String
  let items: String
  let chart: String
}

/// A confusion matrix with its remark.
struct ConfusionView {
  let heatMap: String
  let folded: Int?
}

/// The projection with its legends.
struct ProjectionView {
  let about: String
  let chart: String
  let languageKeys: [ProjectionChart.Key]
  let labelKeys: [ProjectionChart.Key]
  let capped: String?

  init?(_ evidence: Evidence) {
    guard let chart = ProjectionChart(evidence) else { return nil }
    about = evidence.report.projection?.summary ?? ""
    self.chart = chart.svg
    languageKeys = chart.languages
    labelKeys = chart.labels
    capped =
      chart.shown < chart.total
      ? "\(Numbers.count(chart.shown)) of \(Numbers.count(chart.total)) points are drawn, "
        + "taken evenly." : nil
  }
}
