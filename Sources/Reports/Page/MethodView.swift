// SPDX-License-Identifier: Apache-2.0

/// A line of the comparison of methods.
struct MethodView {
  let methodName: String
  let about: String
  let isHeadline: Bool
  let source: String
  let others: String
  let gap: String
  let weakest: String
  let weakestName: String
  let parameters: String
  let time: String
  let memory: String

  init(_ evidence: Evidence, _ standing: Evidence.Standing) {
    methodName = standing.method.name
    about = standing.method.summary
    isHeadline = standing.method.name == evidence.headline?.method.name
    source = Numbers.percent(standing.source)
    others = Numbers.percent(standing.meanOfOthers)
    gap = Numbers.points(standing.gap)
    weakest = Numbers.percent(standing.weakest?.value)
    weakestName = standing.weakest.map { evidence.name($0.language) } ?? ""
    parameters = Numbers.short(standing.method.trainableParameters)
    time = Numbers.duration(standing.method.seconds)
    memory = Numbers.bytes(standing.method.peakMemoryBytes)
  }
}
