import CFFmpeg

/// The size, range and matrix that all pictures of a video share.
package struct PictureFormat: Hashable {
  package let width: Int
  package let height: Int
  /// How to interpret the pictures' samples.
  package let tags: ColorTags

  /// The format of `picture`, or that of a JPEG file of it: full range and the matrix of ITU-R
  /// BT.601.
  package init(of picture: Picture, asJPEG: Bool) {
    width = picture.width
    height = picture.height
    var tags = picture.tags
    if asJPEG {
      tags.range = AVCOL_RANGE_JPEG
      tags.matrix = AVCOL_SPC_BT470BG
    }
    self.tags = tags
  }

  /// The format of `picture` at another size.
  package init(of picture: Picture, width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    tags = picture.tags
  }

  /// Whether `picture` has this size, range and matrix.
  package func describes(_ picture: Picture) -> Bool {
    picture.width == width && picture.height == height
      && picture.tags.isFullRange == tags.isFullRange
      && matrix(picture.tags) == matrix(tags)
  }

  private func matrix(_ tags: ColorTags) -> AVColorSpace {
    let matrix = tags.effectiveMatrix(height: height)
    // Both values stand for the same matrix.
    return matrix == AVCOL_SPC_SMPTE170M ? AVCOL_SPC_BT470BG : matrix
  }
}
