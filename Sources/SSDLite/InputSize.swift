/// The size of a network's input in pixels.
public struct InputSize: Hashable, Sendable, CustomStringConvertible {
  /// Width in pixels.
  public var width: Int
  /// Height in pixels.
  public var height: Int

  /// Creates a size.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// The size as in `300x300`.
  public var description: String { "\(width)x\(height)" }
}
