internal import Media

/// A plane of bytes somewhere in memory; lines may run backwards.
@unsafe
struct PlaneView {
  var start: UnsafePointer<UInt8>
  var stride: Int
  var width: Int
  var height: Int
}

/// Copies `source` as it is displayed, in tiles small enough that both sides stay in the cache.
///
/// `destination` has room for the displayed size: width and height change places where the
/// orientation swaps axes.
func copyPlane(
  _ source: PlaneView, _ orientation: Orientation, to destination: UnsafeMutablePointer<UInt8>,
  stride: Int
) {
  guard orientation != .identity else {
    for y in 0..<(unsafe source.height) {
      unsafe (destination + y * stride).update(
        from: source.start + y * source.stride, count: source.width)
    }
    return
  }
  let (width, height) = unsafe orientation.displayed(width: source.width, height: source.height)
  // Steps in the source for one step right and one step down on the display.
  let right = unsafe (orientation.swapsAxes ? source.stride : 1) * (orientation.flipsX ? -1 : 1)
  let down = unsafe (orientation.swapsAxes ? 1 : source.stride) * (orientation.flipsY ? -1 : 1)
  let origin =
    unsafe source.start + (orientation.flipsX ? -right * (width - 1) : 0)
    + (orientation.flipsY ? -down * (height - 1) : 0)
  for tileY in Swift.stride(from: 0, to: height, by: tileSide) {
    for tileX in Swift.stride(from: 0, to: width, by: tileSide) {
      for y in tileY..<min(tileY + tileSide, height) {
        let line = unsafe destination + y * stride
        var from = unsafe origin + y * down + tileX * right
        for x in tileX..<min(tileX + tileSide, width) {
          unsafe line[x] = unsafe from.pointee
          unsafe from += right
        }
      }
    }
  }
}

/// 64 lines of 64 bytes: a cache line wide, and 4 KiB a side.
private let tileSide = 64
