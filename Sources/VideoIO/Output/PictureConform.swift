import CFFmpeg

/// Makes every picture like the first in size, range and matrix, as an encoder needs it.
final class PictureConform {
  /// Those of every picture that leaves.
  let tags: ColorTags
  private let format: ImageFormat
  private let conversion = ImageConversion()
  private let converter = PictureConverter()

  /// Keeps what `first` is, or what JPEG files are.
  init(_ first: Picture, asJPEG: Bool) {
    var tags = first.tags
    var format = first.imageFormat
    if asJPEG {
      tags.range = AVCOL_RANGE_JPEG
      tags.matrix = AVCOL_SPC_BT470BG
      format.isFullRange = true
      format.matrix = AVCOL_SPC_BT470BG
    }
    self.tags = tags
    self.format = format
  }

  /// The picture itself where it fits, else a converted copy.
  func fitted(_ picture: Picture) throws(MediaError) -> Picture {
    guard !fits(picture.imageFormat) else { return picture }
    let copy = try converter.makePicture(width: format.width, height: format.height)
    copy.tags = tags
    let from = unsafe picture.planes()
    let to = unsafe copy.mutablePlanes()
    try unsafe conversion.run(
      PictureLayout.Plane.allCases.map { unsafe UnsafePointer(from[$0]) } + [nil],
      picture.strides + [0], picture.imageFormat,
      to: PictureLayout.Plane.allCases.map { unsafe to[$0] } + [nil], copy.strides + [0], format)
    return copy
  }

  private func fits(_ other: ImageFormat) -> Bool {
    var other = other
    // These two numbers name the same matrix.
    if other.matrix == AVCOL_SPC_SMPTE170M { other.matrix = AVCOL_SPC_BT470BG }
    var format = format
    if format.matrix == AVCOL_SPC_SMPTE170M { format.matrix = AVCOL_SPC_BT470BG }
    return other == format
  }
}
