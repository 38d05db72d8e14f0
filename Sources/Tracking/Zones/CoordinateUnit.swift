/// What the coordinates of zones and lines count.
public enum CoordinateUnit: String, CaseIterable, Hashable, Sendable {
  /// Fractions of the frame's width and height, 0...1.
  case fractions
  /// Pixels of the displayed frame; if its size changes, those of the first frame.
  case pixels
}
