internal import Geometry
internal import Pipeline
internal import Tracking

/// A polygon in a picture, or in every frame of a source.
public struct PictureArea: Hashable, Sendable {
  /// A corner, as a zone's.
  public typealias Corner = Zone.Corner

  /// Its corners, in the order in which its border passes them.
  public var corners: [Corner]
  /// Whether the corners are in pixels of the displayed picture, rather than in fractions of it.
  public var isInPixels: Bool

  /// Creates an area; it is checked when it is used.
  public init(corners: [Corner], isInPixels: Bool = false) {
    self.corners = corners
    self.isInPixels = isInPixels
  }

  /// Creates a rectangle.
  public init(_ rectangle: RelativeRectangle) {
    let (right, bottom) = (rectangle.x + rectangle.width, rectangle.y + rectangle.height)
    self.init(corners: [
      Corner(x: rectangle.x, y: rectangle.y), Corner(x: right, y: rectangle.y),
      Corner(x: right, y: bottom), Corner(x: rectangle.x, y: bottom),
    ])
  }
}

extension ObjectOptions {
  /// The most masks, and the most regions.
  private static let mostAreas = 64

  /// The masks and regions in the pipeline's terms.
  ///
  /// - Throws: `StreamDetectError.options` for one that can't be used.
  func frameAreas() throws(StreamDetectError) -> FrameAreas {
    var areas = FrameAreas()
    areas.masks = try Self.areas(masks, "masks")
    areas.details = try Self.areas(regions, "regions")
    return areas
  }

  private static func areas(
    _ areas: [PictureArea], _ option: String
  ) throws(StreamDetectError) -> [FrameArea] {
    guard areas.count <= mostAreas else {
      throw .options(
        OptionFailure(option, "\(areas.count)", message: "It must be at most \(mostAreas) areas."))
    }
    var result: [FrameArea] = []
    for area in areas {
      let found = FrameArea(
        area.corners.map { Point(x: $0.x, y: $0.y) },
        unit: area.isInPixels ? .pixels : .fractions)
      do throws(ZoneError) {
        try Tracking.Zone.check(found.corners, unit: found.unit, of: option)
      } catch {
        throw .options(
          OptionFailure(
            option, "'\(found.text)'", message: error.message, remedy: error.remedy))
      }
      result.append(found)
    }
    return result
  }
}

extension FrameArea {
  /// As on the command line: `0.1,0.5 0.9,0.5 0.9,1`, with ` px` at the end for pixels.
  var text: String {
    let points = corners.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
    return unit == .pixels ? "\(points) px" : points
  }

  /// `value`, without ".0" if it is a whole number.
  private func short(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : String(value)
  }
}
