/// Zeros around a map, in pixels; where a number is negative, pixels of the map are left out.
public struct Border: Hashable, Sendable, Codable {
  /// Rows above the map.
  public var top: Int
  /// Columns before the map.
  public var left: Int
  /// Rows below the map.
  public var bottom: Int
  /// Columns after the map.
  public var right: Int

  /// Creates a border from its four sides.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }
}
