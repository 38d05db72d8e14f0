internal import Layers

/// One network at one or several input sizes, whose detections are merged.
///
/// A larger input shows small objects at a size that the network knows, a smaller one large objects
/// (an image pyramid: Adelson et al. 1984, "Pyramid methods in image processing").
public struct DetectorPyramid: Sendable {
  /// The network at each size; the first also analyses tiles.
  public let levels: [Detector]

  /// Creates a pyramid.
  ///
  /// - Precondition: There is a level.
  public init(_ levels: [Detector]) {
    precondition(!levels.isEmpty, "a pyramid without levels")
    self.levels = levels
  }

  /// A network at its one size.
  public init(_ detector: Detector) { self.init([detector]) }

  /// The network at the first size.
  public var first: Detector { levels[0] }

  /// Sets memory aside for so many frames at the same time.
  ///
  /// - Throws: `NetworkError` if the system has too little.
  package func reserve(sessions count: Int) throws {
    for level in levels { try level.network.reserve(sessions: count) }
  }
}
