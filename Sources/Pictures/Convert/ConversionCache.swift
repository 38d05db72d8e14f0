/// Keeps a conversion for each pair of formats and sizes that was used lately.
///
/// Tiles of a frame come in a few sizes, again and again, and frames of several sources in turn; to
/// build libswscale's context anew each time would cost more than a small picture's conversion. For
/// one thread at a time.
struct ConversionCache {
  private struct Formats: Hashable {
    var input: ImageFormat
    var output: ImageFormat
  }

  /// Room for the whole frame and three grids of tiles, of four sources.
  static let capacity = 16

  /// The one used last comes last.
  private var entries: [(formats: Formats, conversion: ImageConversion)] = []

  /// How many conversions it holds.
  var count: Int { entries.count }

  /// The conversion for these formats; the one that was unused longest makes room for a new one.
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
