/// One rendered character: how much of each pixel it covers.
struct Glyph {
  /// Pixels from the pen to the left edge, and from the baseline up to the top edge.
  var left: Int
  var top: Int
  var width: Int
  var height: Int
  /// Pixels by which the pen advances.
  var advance: Int
  /// `[height][width]`, 0 (none) to 255 (all).
  var coverage: [UInt8]

  /// The coverage of a pixel; 0 outside the glyph.
  func coverage(x: Int, y: Int) -> UInt8 {
    guard x >= 0, x < width, y >= 0, y < height else { return 0 }
    return coverage[y * width + x]
  }
}

/// The space that a line of text takes, in pixels.
struct TextSize: Hashable {
  var width: Int
  /// From the baseline up and down to the edges of the font's line.
  var ascent: Int
  var descent: Int

  var height: Int { ascent + descent }
}
