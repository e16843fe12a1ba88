// SPDX-License-Identifier: Apache-2.0

/// The stage behind the model: it puts special tokens around one text or a pair.
public struct PostProcessor: Sendable, Equatable {
  /// One place in a template.
  public enum Part: Sendable, Equatable {
    /// A text of the input: 0 the first, 1 the second.
    case sequence(Int, typeID: Int32)
    /// Special tokens by their ids.
    case special([Int32], name: String, typeID: Int32)
  }

  /// A special token by its piece and id, as the processors of BERT and RoBERTa name theirs.
  public struct Special: Sendable, Equatable {
    /// The piece.
    public var piece: String
    /// The id.
    public var id: Int32

    /// Makes one.
    public init(_ piece: String, _ id: Int32) {
      self.piece = piece
      self.id = id
    }
  }

  /// One processor of tokenizer.json.
  public enum Step: Sendable, Equatable {
    /// A template for one text and one for two.
    case template(single: [Part], pair: [Part])
    /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`, the second text of type 1.
    case bert(separator: Special, start: Special)
    /// `<s> A </s>` and `<s> A </s> </s> B </s>`, all of type 0.
    case roberta(separator: Special, start: Special, ByteLevel)
    /// Spaces at the ends of tokens are left out of offsets.
    case byteLevel(ByteLevel)
  }

  /// The processors in their order; at most one of them adds tokens.
  public let steps: [Step]
  /// Whether the file writes them as a `Sequence`.
  let isSequence: Bool
  /// The template for one text.
  public let single: [Part]
  /// The template for a pair.
  public let pair: [Part]

  /// Makes a post-processor of one template.
  public init(single: [Part], pair: [Part]) {
    steps = [.template(single: single, pair: pair)]
    isSequence = false
    self.single = single
    self.pair = pair
  }

  /// Makes a post-processor of steps.
  ///
  /// Throws ``SubwordError/Code/unsupported`` if more than one of them adds tokens.
  public init(steps: [Step], isSequence: Bool = true) throws(SubwordError) {
    self.steps = steps
    self.isSequence = isSequence
    let adding = steps.compactMap(Self.templates(of:))
    guard adding.count <= 1 else {
      throw SubwordError(
        .unsupported,
        "expected at most one post-processor that adds tokens, found \(adding.count)")
    }
    single = adding.first?.single ?? Self.plain.single
    pair = adding.first?.pair ?? Self.plain.pair
  }

  private static func templates(of step: Step) -> (single: [Part], pair: [Part])? {
    switch step {
    case .template(let single, let pair): return (single, pair)
    case .byteLevel: return nil
    case .bert(let separator, let start):
      let begin = Part.special([start.id], name: start.piece, typeID: 0)
      let end = Part.special([separator.id], name: separator.piece, typeID: 0)
      let last = Part.special([separator.id], name: separator.piece, typeID: 1)
      let single = [begin, .sequence(0, typeID: 0), end]
      return (single, single + [.sequence(1, typeID: 1), last])
    case .roberta(let separator, let start, _):
      let begin = Part.special([start.id], name: start.piece, typeID: 0)
      let end = Part.special([separator.id], name: separator.piece, typeID: 0)
      let single = [begin, .sequence(0, typeID: 0), end]
      return (single, single + [end, .sequence(1, typeID: 0), end])
    }
  }

  /// Nothing added; a pair follows one after the other with type ids 0 and 1.
  public static let plain = PostProcessor(
    single: [.sequence(0, typeID: 0)], pair: [.sequence(0, typeID: 0), .sequence(1, typeID: 1)])

  /// The steps that leave spaces out of offsets.
  var trimmings: [ByteLevel] {
    steps.compactMap { step in
      switch step {
      case .byteLevel(let settings), .roberta(_, _, let settings):
        settings.trimsOffsets ? settings : nil
      case .template, .bert: nil
      }
    }
  }

  /// Whether the windows of a text that was cut take the template's type ids too, and not only the
  /// main one.
  var typesWindows: Bool {
    steps.contains { if case .roberta = $0 { true } else { false } }
  }

  /// How many tokens the template adds.
  public func addedCount(isPair: Bool) -> Int {
    (isPair ? pair : single).reduce(0) { count, part in
      if case .special(let ids, _, _) = part { count + ids.count } else { count }
    }
  }

  /// The ids in front of and behind a single text; nil if its template is not of that shape.
  var affixes: (prefix: [Int32], suffix: [Int32])? {
    var prefix = [Int32]()
    var suffix = [Int32]()
    var seen = false
    for part in single {
      switch part {
      case .sequence:
        guard !seen else { return nil }
        seen = true
      case .special(let ids, _, _): if seen { suffix += ids } else { prefix += ids }
      }
    }
    return seen ? (prefix, suffix) : nil
  }
}
