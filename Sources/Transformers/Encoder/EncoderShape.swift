// SPDX-License-Identifier: Apache-2.0

/// How wide and how deep an encoder is.
public struct EncoderShape: Sendable, Equatable {
  /// Width of the states.
  public var hiddenSize: Int
  /// Layers.
  public var layerCount: Int
  /// Attention heads; they divide ``hiddenSize``.
  public var headCount: Int
  /// Width inside the feed-forward networks.
  public var intermediateSize: Int

  /// A width and a depth; what is not given is as in BERT.
  ///
  /// - Parameters:
  ///   - hiddenSize: the states' width.
  ///   - layerCount: layers.
  ///   - headCount: attention heads; nil, the default, for heads of 64.
  ///   - intermediateSize: width inside the feed-forward networks; nil, the default, for four times that of the states.
  /// - Throws: `TransformerError` where heads of 64 do not divide the width.
  public init(
    hiddenSize: Int, layerCount: Int, headCount: Int? = nil, intermediateSize: Int? = nil
  ) throws(TransformerError) {
    guard headCount != nil || hiddenSize > 0 && hiddenSize % Self.headWidth == 0 else {
      throw TransformerError(
        .configuration,
        "heads of \(Self.headWidth) do not divide a width of \(hiddenSize); say how many heads there are to be"
      )
    }
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.headCount = headCount ?? hiddenSize / Self.headWidth
    self.intermediateSize = intermediateSize ?? 4 * hiddenSize
  }

  /// The width of a head in BERT of all sizes.
  public static let headWidth = 64

  /// A size by its name: the miniatures of BERT (Turc and others, 2019).
  public enum Preset: String, Sendable, CaseIterable {
    /// 2 layers of 128.
    case tiny
    /// 4 layers of 256.
    case mini
    /// 4 layers of 512.
    case small
    /// 8 layers of 512.
    case medium

    /// Width of the states.
    public var hiddenSize: Int {
      switch self {
      case .tiny: 128
      case .mini: 256
      case .small, .medium: 512
      }
    }

    /// Layers.
    public var layerCount: Int {
      switch self {
      case .tiny: 2
      case .mini, .small: 4
      case .medium: 8
      }
    }
  }
}
