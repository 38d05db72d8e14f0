/// Keeps the conversions for the most recently used pairs of formats and sizes.
///
/// Tiles come in a few sizes that recur, and frames of several sources alternate; building a
/// libswscale context each time would cost more than converting a small picture. Use it from one
/// thread at a time.
struct ConversionCache {
  private struct Formats: Hashable {
    var input: ImageFormat
    var output: ImageFormat
  }

  /// Enough for the whole frame and three tile grids of four sources.
  static let capacity = 16

  /// In order of last use, the most recent last.
  private var entries: [(formats: Formats, conversion: ImageConversion)] = []

  /// The number of cached conversions.
  var count: Int { entries.count }

  /// The conversion for these formats; a new one replaces the least recently used.
  mutating func conversion(from input: ImageFormat, to output: ImageFormat) -> ImageConversion {
    let formats = Formats(input: input, output: output)
    guard let index = entries.lastIndex(where: { $0.formats == formats }) else {
      if entries.count == Self.capacity { entries.removeFirst() }
      let made = ImageConversion()
      entries.append((formats, made))
      return made
    }
    if index != entries.count - 1 { entries.append(entries.remove(at: index)) }
    return entries[entries.count - 1].conversion
  }
}
