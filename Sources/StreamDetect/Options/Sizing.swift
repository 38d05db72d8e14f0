package import Pipeline
internal import SSDLite

/// The input sizes at which frames are analysed.
///
/// A model is trained for one size, to which every frame is scaled. At a larger one it sees more
/// detail and takes more time; what is found at several sizes is merged.
public enum Sizing: Hashable, Sendable {
  /// A width and a height in pixels, 32 to 4096 each.
  public struct Size: Hashable, Sendable {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int

    /// Creates a size.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }

    /// Creates a square.
    public init(_ side: Int) { self.init(width: side, height: side) }
  }

  /// The size that the model was trained for.
  case own
  /// The model's own size, and a larger one for frames that have the detail for it, unless a live
  /// source leaves no time.
  case automatic
  /// Up to four sizes; tiles are analysed at the first. A model that was imported as a graph has
  /// only its own.
  case sizes([Size])
}

extension Sizing {
  /// The sizes in the pipeline's terms.
  ///
  /// - Throws: `StreamDetectError.options` for a size that is not allowed.
  func inputSizes() throws(StreamDetectError) -> InputSizes {
    switch self {
    case .own: return .own
    case .automatic: return .auto
    case .sizes(let sizes):
      let inputs = sizes.map { InputSize(width: $0.width, height: $0.height) }
      guard let sizes = InputSizes(sizes: inputs) else {
        throw .options(
          OptionFailure(
            "sizes", inputs.map(\.description).joined(separator: ","),
            message: "There may be 1 to \(InputSizes.maximumSizes) sizes, each side of "
              + "\(InputSizes.allowedSides.lowerBound) to "
              + "\(InputSizes.allowedSides.upperBound) pixels."))
      }
      return sizes
    }
  }

  /// The same sizes, from the pipeline's terms.
  package init(_ sizes: InputSizes) {
    self =
      sizes.isAuto
      ? .automatic
      : sizes.sizes.isEmpty
        ? .own : .sizes(sizes.sizes.map { Size(width: $0.width, height: $0.height) })
  }
}
