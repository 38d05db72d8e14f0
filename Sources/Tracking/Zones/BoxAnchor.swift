internal import Geometry

/// The point of a box that stands for its object.
public enum BoxAnchor: String, CaseIterable, Hashable, Sendable {
  /// The middle of the lower edge: where something that stands touches the ground.
  case bottom
  /// The centre.
  case center
  /// The middle of the upper edge.
  case top

  func point(of box: PixelBox) -> Point {
    let y =
      switch self {
      case .bottom: box.y + box.height
      case .center: box.centreY
      case .top: box.y
      }
    return Point(x: box.centreX, y: y)
  }
}
