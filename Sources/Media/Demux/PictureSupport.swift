import CFFmpeg

/// Which still pictures this FFmpeg reads.
package enum PictureSupport {
  /// Whether it reads HEIF pictures, most of which are stored as a grid of tiles (since FFmpeg 7).
  package static var readsHEIF: Bool {
    avformat_version() >> 16 >= 61 && sd_has_tile_grids() != 0
  }

  /// The release that FFmpeg's libraries belong to, such as `5.1.6-0+deb12u1`.
  package static var release: String { unsafe String(cString: av_version_info()) }
}
