public import Media
internal import Support
import CFreeType

/// A scalable font, rendered by FreeType, with a cache of rendered glyphs.
///
/// Use it from one thread at a time.
@safe
public final class Font {
  /// The file that it was read from.
  public let path: String
  private let library: FT_Library
  private let face: FT_Face
  private var currentSize = 0
  private var glyphs: [GlyphKey: Glyph] = [:]

  /// Longer text is cut off: labels come from files, and no legible one is longer.
  private static let maxTextLength = 256
  /// Bounds memory for a stream that keeps changing size, since text sizes follow the picture.
  private static let maxGlyphs = 4096

  private struct GlyphKey: Hashable {
    var size: Int
    var scalar: Unicode.Scalar
  }

  /// Opens a font file.
  ///
  /// - Throws: `MediaError` "font_invalid" if FreeType cannot use it.
  public init(path: String) throws(MediaError) {
    var opened: FT_Library?
    guard unsafe FT_Init_FreeType(&opened) == 0, let library = unsafe opened else {
      throw MediaError(FFmpegError.noMemory("FT_Init_FreeType"), source: path)
    }
    var openedFace: FT_Face?
    let result = unsafe FT_New_Face(library, FileName.cString(path), 0, &openedFace)
    guard result == 0, let face = unsafe openedFace, unsafe FT_Set_Pixel_Sizes(face, 0, 16) == 0
    else {
      unsafe FT_Done_FreeType(library)
      throw MediaError(
        "font_invalid", source: path,
        message: "FreeType cannot use this font (error \(result)).",
        remedy: "Set STREAM_DETECT_FONT to a TrueType or OpenType file.")
    }
    self.path = path
    unsafe self.library = unsafe library
    unsafe self.face = unsafe face
  }

  deinit {
    // This frees the face as well.
    unsafe FT_Done_FreeType(library)
  }

  /// The width of `text` in pixels at `size` pixels per em, 1 to 1024.
  public func width(of text: String, size: Int) -> Int {
    measure(text, size: min(max(size, 1), 1024)).width
  }

  /// The space that `text` takes at `size` pixels per em.
  func measure(_ text: String, size: Int) -> TextSize {
    let line = lineMetrics(size: size)
    let width = drawable(text).reduce(0) { $0 + glyph($1, size: size).advance }
    return TextSize(width: width, ascent: line.ascent, descent: line.descent)
  }

  /// The characters of `text` that are drawn: the first 256, with control characters as spaces.
  func drawable(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.prefix(Self.maxTextLength).map { scalar in
      scalar.properties.generalCategory == .control ? " " : scalar
    }
  }

  /// The glyph of `scalar`, or the font's placeholder box if it has none.
  func glyph(_ scalar: Unicode.Scalar, size: Int) -> Glyph {
    let key = GlyphKey(size: size, scalar: scalar)
    if let known = glyphs[key] { return known }
    if glyphs.count >= Self.maxGlyphs { glyphs.removeAll(keepingCapacity: true) }
    let drawn = render(scalar, size: size)
    glyphs[key] = drawn
    return drawn
  }

  private func lineMetrics(size: Int) -> (ascent: Int, descent: Int) {
    use(size: size)
    guard let metrics = unsafe face.pointee.size?.pointee.metrics else { return (size, 0) }
    // 26.6 fixed point; the descender is negative.
    return (Int(metrics.ascender + 63) >> 6, Int(63 - metrics.descender) >> 6)
  }

  private func use(size: Int) {
    guard size != currentSize else { return }
    currentSize = size
    // On failure the previous size stays: text of the wrong size is better than none.
    _ = unsafe FT_Set_Pixel_Sizes(face, 0, FT_UInt(min(max(size, 1), 1024)))
  }

  private func render(_ scalar: Unicode.Scalar, size: Int) -> Glyph {
    use(size: size)
    let index = unsafe FT_Get_Char_Index(face, FT_ULong(scalar.value))
    guard unsafe FT_Load_Glyph(face, index, FT_Int32(FT_LOAD_RENDER)) == 0,
      let slot = unsafe face.pointee.glyph?.pointee
    else {
      return Glyph(left: 0, top: 0, width: 0, height: 0, advance: size / 2, coverage: [])
    }
    let bitmap = unsafe slot.bitmap
    // Only grey bitmaps hold coverage; colour and 1-bit bitmaps are left blank.
    let isGray = UInt32(unsafe bitmap.pixel_mode) == FT_PIXEL_MODE_GRAY.rawValue
    let coverage = isGray ? unsafe coverage(of: bitmap) : []
    return Glyph(
      left: Int(unsafe slot.bitmap_left), top: Int(unsafe slot.bitmap_top),
      width: coverage.isEmpty ? 0 : Int(unsafe bitmap.width),
      height: coverage.isEmpty ? 0 : Int(unsafe bitmap.rows),
      advance: Int(unsafe slot.advance.x + 32) >> 6, coverage: coverage)
  }

  private func coverage(of bitmap: FT_Bitmap) -> [UInt8] {
    let (width, rows, pitch) = unsafe (Int(bitmap.width), Int(bitmap.rows), Int(bitmap.pitch))
    guard let start = unsafe bitmap.buffer, pitch >= width else { return [] }
    var coverage: [UInt8] = []
    coverage.reserveCapacity(width * rows)
    for y in 0..<rows {
      unsafe coverage.append(
        contentsOf: UnsafeBufferPointer(start: start + y * pitch, count: width))
    }
    return coverage
  }
}
