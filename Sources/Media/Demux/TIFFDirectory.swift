/// What the first directory of a TIFF file, or of Exif data, says about its picture (TIFF 6.0).
struct TIFFDirectory {
  /// Tag 259; 1 is uncompressed.
  private(set) var compression = 1
  /// Whether the picture is stored in tiles (tags 322 to 325) and not in strips.
  private(set) var isTiled = false
  /// Tag 274.
  private(set) var orientation: Orientation?
  /// Whether it is raw data of a camera (DNG), which has rules of its own.
  private(set) var isDNG = false
  /// Where the last strip of the picture ends (tags 273 and 279), in bytes.
  private(set) var end = 0

  /// Whether bytes begin as those of a file with 64-bit offsets, which FFmpeg doesn't read.
  static func isBig(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x49, 0x49, 0x2B, 0]) || head.starts(with: [0x4D, 0x4D, 0, 0x2B])
  }

  /// Reads the directory; `nil` if `source` doesn't begin as a TIFF file does.
  init?(_ source: some ByteSource) {
    let head = source.bytes(at: 0, count: 4)
    let isLittle = head == [0x49, 0x49, 0x2A, 0]
    guard isLittle || head == [0x4D, 0x4D, 0, 0x2A],
      let start = source.integer(at: 4, count: 4, isLittleEndian: isLittle),
      let count = source.integer(at: start, count: 2, isLittleEndian: isLittle)
    else { return nil }
    let entries = source.bytes(at: start + 2, count: count * 12)
    var (offsets, lengths) = ([Int](), [Int]())
    for place in stride(from: 0, to: entries.count - 11, by: 12) {
      guard let tag = entries.integer(at: place, count: 2, isLittleEndian: isLittle),
        let type = entries.integer(at: place + 2, count: 2, isLittleEndian: isLittle)
      else { continue }
      let width = [1: 1, 3: 2, 4: 4][type] ?? 4
      let value =
        entries.integer(at: place + 8, count: width, isLittleEndian: isLittle) ?? 0
      switch tag {
      case 259: compression = value
      case 273:
        offsets = Self.values(source, entries, at: place, isLittleEndian: isLittle)
      case 279:
        lengths = Self.values(source, entries, at: place, isLittleEndian: isLittle)
      case 274: orientation = Orientation(exif: value)
      case 322...325: isTiled = true
      case 50706: isDNG = true
      default: break
      }
    }
    end = zip(offsets, lengths).map { $0 + $1 }.max() ?? 0
  }

  /// The values of an entry of several numbers, which don't fit into it.
  private static func values(
    _ source: some ByteSource, _ entries: [UInt8], at place: Int, isLittleEndian: Bool
  ) -> [Int] {
    guard let type = entries.integer(at: place + 2, count: 2, isLittleEndian: isLittleEndian),
      let count = entries.integer(at: place + 4, count: 4, isLittleEndian: isLittleEndian),
      let width = [3: 2, 4: 4][type], (1...1 << 20).contains(count)
    else { return [] }
    var bytes = entries.bytes(at: place + 8, count: 4)
    if width * count > 4 {
      let start = bytes.integer(at: 0, count: 4, isLittleEndian: isLittleEndian) ?? 0
      bytes = source.bytes(at: start, count: width * count)
    }
    return (0..<count).compactMap {
      bytes.integer(at: $0 * width, count: width, isLittleEndian: isLittleEndian)
    }
  }

  /// How the picture is stored, in words, if FFmpeg can't read that.
  ///
  /// It reports no error for tiles and for JPEG in strips, and gives a black or green picture.
  var unsupportedLayout: String? {
    if isDNG { return nil }
    let supported = [1, 2, 3, 4, 5, 8, 32773, 32946, 34925]
    if !supported.contains(compression) {
      return
        "with \(Self.names[compression].map { "\($0) compression" } ?? "compression \(compression)")"
    }
    return isTiled ? "in tiles" : nil
  }

  private static let names = [
    6: "old JPEG", 7: "JPEG", 33003: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000",
    34887: "LERC", 34933: "PNG", 50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL",
    52546: "JPEG XL",
  ]
}
