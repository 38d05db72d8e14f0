public import Media
import CFFmpeg

/// Converts decoded frames of any pixel format into pictures, and reuses the pictures' memory.
///
/// Use it from one thread at a time: each worker has its own.
@safe
public final class PictureConverter {
  private let conversion = ImageConversion()
  private var pool: OpaquePointer?
  private var pooledByteCount = 0

  /// Creates a converter, which allocates memory for the first frame.
  public init() {}

  deinit { unsafe av_buffer_pool_uninit(&pool) }

  /// Converts a frame to 8-bit 4:2:0 as displayed; it keeps its range and matrix.
  ///
  /// - Throws: `MediaError` "unsupported_pixel_format" if libswscale does not support the format.
  func picture(of frame: VideoFrame) throws(MediaError) -> Picture {
    let raw = unsafe frame.raw
    let format = unsafe AVPixelFormat(raw.pointee.format)
    let isPlain = format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P
    let tags = unsafe ColorTags(raw, format: format)
    let picture: Picture
    if isPlain {
      picture = try makePicture(width: frame.width, height: frame.height)
      unsafe try copy(planes(of: raw), orientation: frame.orientation, to: picture)
    } else {
      let coded = try makePicture(width: frame.codedWidth, height: frame.codedHeight)
      coded.tags = tags
      try convert(frame, format: format, to: coded)
      if frame.orientation == .identity {
        picture = coded
      } else {
        picture = try makePicture(width: frame.width, height: frame.height)
        unsafe try copy(planes(of: coded), orientation: frame.orientation, to: picture)
      }
    }
    picture.tags = tags.kept(from: frame.codedHeight, to: frame.height)
    let aspect = unsafe raw.pointee.sample_aspect_ratio
    if aspect.num > 0, aspect.den > 0 {
      picture.pixelAspect =
        frame.orientation.swapsAxes ? AVRational(num: aspect.den, den: aspect.num) : aspect
    }
    return picture
  }

  /// A picture with uninitialised memory from the pool.
  func makePicture(width: Int, height: Int) throws(MediaError) -> Picture {
    let layout = try PictureLayout(width: width, height: height)
    if layout.byteCount != pooledByteCount {
      // Pictures that are still in use keep the old pool alive.
      unsafe av_buffer_pool_uninit(&pool)
      unsafe pool = unsafe av_buffer_pool_init(layout.byteCount, nil)
      pooledByteCount = layout.byteCount
    }
    guard unsafe pool != nil else {
      pooledByteCount = 0
      throw MediaError(FFmpegError.noMemory("av_buffer_pool_init"), source: "")
    }
    let buffer = unsafe try allocated(av_buffer_pool_get(pool), "av_buffer_pool_get")
    return unsafe Picture(layout: layout, owning: buffer)
  }

  private func convert(
    _ frame: VideoFrame, format: AVPixelFormat, to picture: Picture
  ) throws(MediaError) {
    let raw = unsafe frame.raw
    var input = picture.imageFormat
    input.pixelFormat = format
    let data = unsafe raw.pointee.data
    let lines = unsafe raw.pointee.linesize
    let output = unsafe try picture.mutablePlanes()
    try unsafe conversion.run(
      [UnsafePointer(data.0), UnsafePointer(data.1), UnsafePointer(data.2), UnsafePointer(data.3)],
      [lines.0, lines.1, lines.2, lines.3], input,
      to: [output[.luma], output[.blueDifference], output[.redDifference], nil],
      picture.strides + [0], picture.imageFormat)
  }

  private func copy(
    _ planes: [PlaneView], orientation: Orientation, to picture: Picture
  ) throws(MediaError) {
    let output = unsafe try picture.mutablePlanes()
    for plane in PictureLayout.Plane.allCases where unsafe plane.rawValue < planes.count {
      unsafe copyPlane(
        planes[plane.rawValue], orientation, to: output[plane],
        stride: picture.layout.stride(of: plane))
    }
  }

  private func planes(of raw: UnsafeMutablePointer<AVFrame>) -> [PlaneView] {
    let (width, height) = unsafe (Int(raw.pointee.width), Int(raw.pointee.height))
    let data = unsafe raw.pointee.data
    let lines = unsafe raw.pointee.linesize
    guard let luma = unsafe data.0, let blue = unsafe data.1, let red = unsafe data.2 else {
      return unsafe []
    }
    let (chromaWidth, chromaHeight) = ((width + 1) / 2, (height + 1) / 2)
    return unsafe [
      PlaneView(start: luma, stride: Int(lines.0), width: width, height: height),
      PlaneView(start: blue, stride: Int(lines.1), width: chromaWidth, height: chromaHeight),
      PlaneView(start: red, stride: Int(lines.2), width: chromaWidth, height: chromaHeight),
    ]
  }

  private func planes(of picture: Picture) -> [PlaneView] {
    let pointers = unsafe picture.planes()
    return unsafe PictureLayout.Plane.allCases.map { plane in
      unsafe PlaneView(
        start: pointers[plane], stride: picture.layout.stride(of: plane),
        width: picture.layout.width(of: plane), height: picture.layout.height(of: plane))
    }
  }
}

extension Picture {
  /// Converts a frame to 8-bit 4:2:0 as displayed; it keeps its range and matrix.
  ///
  /// - Throws: `MediaError` "unsupported_pixel_format" if libswscale does not support the format.
  public convenience init(
    _ frame: VideoFrame, converter: PictureConverter
  ) throws(MediaError) {
    let made = try converter.picture(of: frame)
    unsafe self.init(layout: made.layout, owning: try made.sharedBuffer())
    tags = made.tags
    pixelAspect = made.pixelAspect
  }
}
