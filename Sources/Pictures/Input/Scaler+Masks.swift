public import Geometry
public import Media
import CFFmpeg

extension Scaler {
  /// The grey of what masks hide: the middle of the range, as far from black as from white.
  static let hidden: UInt8 = 128

  /// Scales a region of `frame` to fill `image`, as without masks, but covers what they hide.
  ///
  /// No pixel of the frame below a mask has any influence on `image`; its pixels next to a mask are
  /// covered, too, where scaling would mix hidden ones into them.
  ///
  /// `masks` are corners of polygons, in fractions of the displayed frame.
  ///
  /// - Precondition: `region` is inside the displayed frame.
  /// - Throws: The same as without masks.
  public func scale(
    _ frame: VideoFrame, region: PixelRegion, hiding masks: [[Point]], into image: RGBImage
  ) throws(MediaError) -> PixelRegion {
    let taken = try scale(frame, region: region, into: image)
    guard !masks.isEmpty else { return taken }
    let offsets = PlaneOffsets(unsafe AVPixelFormat(frame.raw.pointee.format))
    // Without a description of the format: as many as any has.
    var steps = (columns: offsets?.columnStep ?? 8, rows: offsets?.rowStep ?? 8)
    if frame.orientation.swapsAxes { steps = (steps.rows, steps.columns) }
    let key = MaskRows.Key(
      region: taken, width: frame.width, height: frame.height, outputWidth: image.width,
      outputHeight: image.height, columnStep: steps.columns, rowStep: steps.rows)
    image.fill(maskRows.rows(of: masks, key), with: Self.hidden)
    return taken
  }
}

/// The covered pixels of the regions that were scaled before.
struct MaskRowsCache {
  private var masks: [[Point]] = []
  private var known: [MaskRows.Key: MaskRows] = [:]

  /// More than the tiles of a frame at all sizes.
  private static let capacity = 1024

  mutating func rows(of masks: [[Point]], _ key: MaskRows.Key) -> MaskRows {
    if masks != self.masks || known.count >= Self.capacity {
      known.removeAll()
      self.masks = masks
    }
    if let rows = known[key] { return rows }
    let rows = MaskRows(masks, key)
    known[key] = rows
    return rows
  }
}

extension RGBImage {
  /// Gives the pixels of some rows a grey.
  func fill(_ rows: MaskRows, with value: UInt8) {
    for span in rows.spans {
      let (first, last) = (span.columns.lowerBound, span.columns.upperBound)
      precondition(span.row < height && last <= width, "row \(span.row), columns to \(last)")
      let start = 3 * (span.row * width + first)
      unsafe pixels[start..<start + 3 * (last - first)].update(repeating: value)
    }
  }
}
