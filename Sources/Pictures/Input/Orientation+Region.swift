internal import Geometry
internal import Media

extension Orientation {
  /// The part of the coded picture that is shown in a part of the displayed one.
  ///
  /// Takes the displayed size.
  func coded(_ shown: PixelRegion, width: Int, height: Int) -> PixelRegion {
    let x = flipsX ? width - shown.x - shown.width : shown.x
    let y = flipsY ? height - shown.y - shown.height : shown.y
    return swapsAxes
      ? PixelRegion(x: y, y: x, width: shown.height, height: shown.width)
      : PixelRegion(x: x, y: y, width: shown.width, height: shown.height)
  }

  /// The part of the displayed picture that shows a part of the coded one.
  ///
  /// Takes the displayed size.
  func shown(_ coded: PixelRegion, width: Int, height: Int) -> PixelRegion {
    var shown = coded
    if swapsAxes {
      shown = PixelRegion(x: coded.y, y: coded.x, width: coded.height, height: coded.width)
    }
    if flipsX { shown.x = width - shown.x - shown.width }
    if flipsY { shown.y = height - shown.y - shown.height }
    return shown
  }
}
