public import Geometry
public import Media
import CFFmpeg

/// Scales frames of any pixel format, or regions of them, to RGB pictures for a network.
///
/// The aspect ratio is not kept. Shrinking averages all pixels that make up an output, as Pillow's
/// bilinear filter does. Recent conversions are cached, because sizes, formats, ranges and matrices
/// change within a file and from tile to tile. Use it from one thread at a time: each worker has
/// its own.
@safe
public final class Scaler {
  private var conversions = ConversionCache()
  var maskRows = MaskRowsCache()
  /// The scaled picture before it is rotated.
  private var unrotated: RGBImage?
  /// Start and stride of each plane of the frame and of the picture; libswscale reads four of each.
  private let planes = unsafe KernelMemory<UnsafePointer<UInt8>?>(count: 4)
  private let strides = KernelMemory<Int32>(count: 4)
  private let targets = unsafe KernelMemory<UnsafeMutablePointer<UInt8>?>(count: 4)
  private let targetStrides = KernelMemory<Int32>(count: 4)

  /// Creates a scaler, which allocates memory for the first frame.
  public init() {}

  /// Scales `frame`, as displayed, to fill `image`.
  ///
  /// The matrix and the range are those that the frame is tagged with, or else those that players
  /// assume. A PQ or HLG transfer function is not converted.
  ///
  /// - Throws: `MediaError` "unsupported_pixel_format" if libswscale does not support the format.
  public func scale(_ frame: VideoFrame, into image: RGBImage) throws(MediaError) {
    let whole = PixelRegion(x: 0, y: 0, width: frame.width, height: frame.height)
    _ = try scale(frame, region: whole, into: image)
  }

  /// Scales a region of `frame`, as displayed, to fill `image`.
  ///
  /// Reads the frame without copying it. Returns the region that was used: a few pixels larger than
  /// `region` if its edge would split a chroma sample.
  ///
  /// - Precondition: `region` is inside the displayed frame.
  /// - Throws: The same as for the whole frame.
  public func scale(
    _ frame: VideoFrame, region: PixelRegion, into image: RGBImage
  ) throws(MediaError) -> PixelRegion {
    let (width, height) = (frame.width, frame.height)
    precondition(
      region.isInside(width: width, height: height), "\(region) of a frame of \(width) x \(height)")
    let orientation = frame.orientation
    let coded = orientation.coded(region, width: width, height: height)
    guard orientation != .identity else { return try convert(frame, coded, to: image) }
    let size = orientation.displayed(width: image.width, height: image.height)
    let target = scratch(width: size.width, height: size.height)
    let taken = try convert(frame, coded, to: target)
    orientation.turn(target, into: image)
    return orientation.displayed(taken, width: width, height: height)
  }

  private func scratch(width: Int, height: Int) -> RGBImage {
    if let unrotated, unrotated.width == width, unrotated.height == height { return unrotated }
    let made = RGBImage(width: width, height: height)
    unrotated = made
    return made
  }

  /// Converts the smallest region of the coded picture that contains `region` and can be cut out,
  /// and returns that region.
  private func convert(
    _ frame: VideoFrame, _ region: PixelRegion, to image: RGBImage
  ) throws(MediaError) -> PixelRegion {
    let raw = unsafe frame.raw
    let format = unsafe AVPixelFormat(raw.pointee.format)
    let offsets = PlaneOffsets(format)
    let taken = offsets?.grown(region) ?? region
    let tags = unsafe ColorTags(raw, format: format)
    let input = ImageFormat(
      width: taken.width, height: taken.height, pixelFormat: format,
      matrix: tags.effectiveMatrix(height: frame.codedHeight), isFullRange: tags.isFullRange)
    let output = ImageFormat(
      width: image.width, height: image.height, pixelFormat: AV_PIX_FMT_RGB24,
      matrix: AVCOL_SPC_SMPTE170M, isFullRange: true)
    let (data, lines) = unsafe (raw.pointee.data, raw.pointee.linesize)
    func set(_ plane: Int, _ pointer: UnsafeMutablePointer<UInt8>?, _ stride: Int32) {
      let skipped = offsets?.bytes(plane: plane, x: taken.x, y: taken.y, stride: stride) ?? 0
      unsafe planes.start[plane] = unsafe pointer.map { unsafe UnsafePointer($0) + skipped }
      unsafe strides.start[plane] = stride
    }
    unsafe set(0, data.0, lines.0)
    unsafe set(1, data.1, lines.1)
    unsafe set(2, data.2, lines.2)
    unsafe set(3, data.3, lines.3)
    unsafe targets.start[0] = image.pixels.baseAddress
    unsafe targetStrides.start[0] = Int32(image.width) * 3
    try unsafe conversions.conversion(from: input, to: output).run(
      planes.start, strides.start, input, to: targets.start, targetStrides.start, output)
    return taken
  }
}

extension Orientation {
  /// Rotates and mirrors `source` into `target`, which must have the displayed size.
  func turn(_ source: RGBImage, into target: RGBImage) {
    let (width, height) = displayed(width: source.width, height: source.height)
    precondition(
      target.width == width && target.height == height,
      "\(source.width) x \(source.height) turns into \(width) x \(height)")
    let (from, to) = unsafe (source.pixels, target.pixels)
    var written = 0
    for y in 0..<height {
      let row = flipsY ? height - 1 - y : y
      for x in 0..<width {
        let column = flipsX ? width - 1 - x : x
        let read = 3 * (swapsAxes ? column * source.width + row : row * source.width + column)
        unsafe to[written] = from[read]
        unsafe to[written + 1] = from[read + 1]
        unsafe to[written + 2] = from[read + 2]
        written += 3
      }
    }
  }
}
