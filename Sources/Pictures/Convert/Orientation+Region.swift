internal import Geometry
internal import Media

extension Orientation {
  /// The region of the coded picture that a region of the displayed one comes from.
  ///
  /// `width` and `height` are the displayed size.
  func coded(_ displayed: PixelRegion, width: Int, height: Int) -> PixelRegion {
    let x = flipsX ? width - displayed.x - displayed.width : displayed.x
    let y = flipsY ? height - displayed.y - displayed.height : displayed.y
    return swapsAxes
      ? PixelRegion(x: y, y: x, width: displayed.height, height: displayed.width)
      : PixelRegion(x: x, y: y, width: displayed.width, height: displayed.height)
  }

  /// The region of the displayed picture that a region of the coded one becomes.
  ///
  /// `width` and `height` are the displayed size.
  func displayed(_ coded: PixelRegion, width: Int, height: Int) -> PixelRegion {
    var region = coded
    if swapsAxes {
      region = PixelRegion(x: coded.y, y: coded.x, width: coded.height, height: coded.width)
    }
    if flipsX { region.x = width - region.x - region.width }
    if flipsY { region.y = height - region.y - region.height }
    return region
  }
}
