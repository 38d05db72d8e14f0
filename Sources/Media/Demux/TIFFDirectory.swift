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
  /// Where the picture's strips begin, and how long they are (tags 273 and 279).
  private var offsets, lengths: Numbers?

  /// Several numbers of two or four bytes, which stand elsewhere if they don't fit into the entry.
  fileprivate struct Numbers {
    let place, count, width: Int
    let isLittleEndian: Bool
  }

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
    for place in stride(from: 0, to: entries.count - 11, by: 12) {
      guard let tag = entries.integer(at: place, count: 2, isLittleEndian: isLittle),
        let type = entries.integer(at: place + 2, count: 2, isLittleEndian: isLittle)
      else { continue }
      let width = [1: 1, 3: 2, 4: 4][type] ?? 4
      let value =
        entries.integer(at: place + 8, count: width, isLittleEndian: isLittle) ?? 0
      switch tag {
      case 259: compression = value
      case 273 where offsets == nil:
        offsets = Numbers(entries, at: place, of: start + 2, isLittleEndian: isLittle)
      case 279 where lengths == nil:
        lengths = Numbers(entries, at: place, of: start + 2, isLittleEndian: isLittle)
      case 274: orientation = Orientation(exif: value)
      case 322...325: isTiled = true
      case 50706: isDNG = true
      default: break
      }
    }
  }

  /// Where the last strip of the picture ends, in bytes; 0 if that can't be told.
  func end(in source: some ByteSource) -> Int {
    guard let offsets, let lengths else { return 0 }
    let count = min(offsets.count, lengths.count)
    let starts = offsets.bytes(source, count)
    let sizes = lengths.bytes(source, count)
    var end = 0
    for index in 0..<count {
      guard let start = offsets.value(index, in: starts), let size = lengths.value(index, in: sizes)
      else { break }
      end = max(end, start + size)
    }
    return end
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

extension TIFFDirectory.Numbers {
  /// Reads the entry at `place` of a directory whose entries begin at `start`; `nil` if it makes no
  /// sense.
  fileprivate init?(
    _ entries: [UInt8], at place: Int, of start: Int, isLittleEndian: Bool
  ) {
    func number(_ offset: Int, _ width: Int) -> Int? {
      entries.integer(at: place + offset, count: width, isLittleEndian: isLittleEndian)
    }
    guard let type = number(2, 2), let count = number(4, 4), let width = [3: 2, 4: 4][type],
      (1...1 << 20).contains(count), let elsewhere = number(8, 4)
    else { return nil }
    self.init(
      place: width * count > 4 ? elsewhere : start + place + 8, count: count, width: width,
      isLittleEndian: isLittleEndian)
  }

  /// The bytes of the first numbers, as far as they are there.
  fileprivate func bytes(_ source: some ByteSource, _ count: Int) -> [UInt8] {
    source.bytes(at: place, count: width * count)
  }

  fileprivate func value(_ index: Int, in bytes: [UInt8]) -> Int? {
    bytes.integer(at: index * width, count: width, isLittleEndian: isLittleEndian)
  }
}
