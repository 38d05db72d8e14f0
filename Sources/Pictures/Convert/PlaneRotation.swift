internal import Media

/// A plane of bytes in memory; the stride may be negative.
@unsafe
struct PlaneView {
  var start: UnsafePointer<UInt8>
  var stride: Int
  var width: Int
  var height: Int
}

/// Copies `source` as displayed, in blocks small enough that both planes stay in the cache.
///
/// `destination` must have room for the displayed size: width and height are swapped if the
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
  // Offsets in the source for one pixel right and one pixel down in the displayed plane.
  let right = unsafe (orientation.swapsAxes ? source.stride : 1) * (orientation.flipsX ? -1 : 1)
  let down = unsafe (orientation.swapsAxes ? 1 : source.stride) * (orientation.flipsY ? -1 : 1)
  let origin =
    unsafe source.start + (orientation.flipsX ? -right * (width - 1) : 0)
    + (orientation.flipsY ? -down * (height - 1) : 0)
  for blockY in Swift.stride(from: 0, to: height, by: blockSide) {
    for blockX in Swift.stride(from: 0, to: width, by: blockSide) {
      for y in blockY..<min(blockY + blockSide, height) {
        let line = unsafe destination + y * stride
        var from = unsafe origin + y * down + blockX * right
        for x in blockX..<min(blockX + blockSide, width) {
          unsafe line[x] = unsafe from.pointee
          unsafe from += right
        }
      }
    }
  }
}

/// 64 lines of 64 bytes: one cache line wide, and 4 KiB in each plane.
private let blockSide = 64
