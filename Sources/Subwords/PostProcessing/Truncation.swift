// SPDX-License-Identifier: Apache-2.0

/// How an encoding that is too long is cut into windows.
public struct Truncation: Sendable, Equatable {
  /// Which text of a pair gives way.
  public enum Strategy: String, Sendable, Equatable {
    /// The longer one, until both are equally long.
    case longestFirst = "longest_first"
    /// The first only.
    case onlyFirst = "only_first"
    /// The second only.
    case onlySecond = "only_second"
  }

  /// Which end is kept.
  public enum Direction: String, Sendable, Equatable {
    /// The beginning is kept, the right end goes.
    case right
    /// The end is kept.
    case left
  }

  /// The greatest length in tokens, special tokens included.
  public var maximumLength: Int
  /// Which text gives way.
  public var strategy: Strategy
  /// How many tokens neighbouring windows share.
  public var stride: Int
  /// Which end goes.
  public var direction: Direction

  /// Makes a truncation.
  public init(
    maximumLength: Int, strategy: Strategy = .longestFirst, stride: Int = 0,
    direction: Direction = .right
  ) {
    self.maximumLength = maximumLength
    self.strategy = strategy
    self.stride = stride
    self.direction = direction
  }
}

/// How an encoding that is too short is filled up.
public struct Padding: Sendable, Equatable {
  /// To which length.
  public enum Target: Sendable, Equatable {
    /// The longest of a batch.
    case longest
    /// This many tokens.
    case fixed(Int)
  }

  /// To which length.
  public var target: Target
  /// The padding token.
  public var id: Int32
  /// Its piece.
  public var piece: String
  /// Its type id.
  public var typeID: Int32
  /// Where it is added.
  public var direction: Truncation.Direction
  /// A number that the length is rounded up to a multiple of; 0 or 1 for any length.
  public var multiple: Int

  /// Makes a padding.
  public init(
    target: Target = .longest, id: Int32, piece: String = "<pad>", typeID: Int32 = 0,
    direction: Truncation.Direction = .right, multiple: Int = 0
  ) {
    self.target = target
    self.id = id
    self.piece = piece
    self.typeID = typeID
    self.direction = direction
    self.multiple = multiple
  }
}

extension Truncation {
  init(_ json: JSONCursor) throws(SubwordError) {
    let strategies = [
      "LongestFirst": Strategy.longestFirst, "OnlyFirst": .onlyFirst, "OnlySecond": .onlySecond,
    ]
    let name = try json.optional("strategy")?.string() ?? "LongestFirst"
    guard let strategy = strategies[name] else {
      throw json.unsupported(
        "strategy", name, supported: ["LongestFirst", "OnlyFirst", "OnlySecond"])
    }
    self.init(
      maximumLength: try json.required("max_length").natural(), strategy: strategy,
      stride: try json.optional("stride")?.natural() ?? 0,
      direction: try Direction(json.optional("direction"), in: json))
  }
}

extension Truncation.Direction {
  init(_ json: JSONCursor?, in parent: JSONCursor) throws(SubwordError) {
    guard let name = try json?.string() else {
      self = .right
      return
    }
    guard let direction = Self(rawValue: name.lowercased()) else {
      throw parent.unsupported("direction", name, supported: ["Right", "Left"])
    }
    self = direction
  }
}

extension Padding {
  init(_ json: JSONCursor) throws(SubwordError) {
    let strategy = try json.required("strategy")
    var target = Target.longest
    if case .string(let name) = strategy.value {
      guard name == "BatchLongest" else {
        throw strategy.unsupported("strategy", name, supported: ["BatchLongest", "Fixed"])
      }
    } else {
      target = .fixed(try strategy.required("Fixed").natural())
    }
    self.init(
      target: target, id: Int32(try json.required("pad_id").natural()),
      piece: try json.required("pad_token").string(),
      typeID: Int32(try json.optional("pad_type_id")?.natural() ?? 0),
      direction: try Truncation.Direction(json.optional("direction"), in: json),
      multiple: try json.optional("pad_to_multiple_of")?.natural() ?? 0)
  }
}
