/// What a HEIF or AVIF file says about its picture (ISO/IEC 23008-12), which FFmpeg leaves out.
struct HEIFPicture {
  /// The number of the item that is the picture.
  private(set) var item = 0
  /// The item's type: `av01`, `hvc1`, or `grid` for tiles.
  private(set) var type = ""
  /// How the picture is turned for display, by its properties `irot` and `imir`.
  private(set) var orientation = Orientation.identity

  /// Files above this much metadata are taken for damaged.
  private static let limit = 16 << 20

  /// The brands of files with still pictures; others begin with those of videos.
  private static let brands = [
    "avif", "heic", "heix", "heim", "heis", "mif1", "mif2", "miaf", "avci", "jpeg", "j2ki",
  ]

  /// Whether the first sixteen bytes of a file are those of a HEIF picture.
  static func begins(_ head: [UInt8]) -> Bool {
    head.dropFirst(4).starts(with: "ftyp".utf8)
      && brands.contains { head.dropFirst(8).starts(with: $0.utf8) }
  }

  /// Reads the metadata; `nil` if `source` is no HEIF picture, or too damaged to tell.
  init?(_ source: some ByteSource) {
    guard Self.begins(source.bytes(at: 0, count: 16)),
      let meta = ISOBox.first("meta", in: source, from: 0, to: source.size),
      (4..<Self.limit).contains(meta.size)
    else { return nil }
    // The version and flags of `meta` come before the boxes in it.
    let bytes = source.bytes(at: meta.start + 4, count: meta.size - 4)
    guard let primary = ISOBox.first("pitm", in: bytes),
      let version = bytes.integer(at: primary.start, count: 1),
      let item = bytes.integer(at: primary.start + 4, count: version == 0 ? 2 : 4)
    else { return nil }
    self.item = item
    type = Self.type(of: item, in: bytes) ?? ""
    applyProperties(in: bytes)
  }

  /// The type of an item, by its entry in `iinf`.
  private static func type(of item: Int, in bytes: [UInt8]) -> String? {
    guard let list = ISOBox.first("iinf", in: bytes),
      let version = bytes.integer(at: list.start, count: 1)
    else { return nil }
    for entry in ISOBox.boxes(in: bytes, from: list.start + (version == 0 ? 6 : 8), to: list.end)
    where entry.type == "infe" {
      guard let version = bytes.integer(at: entry.start, count: 1), version >= 2 else { continue }
      let width = version == 2 ? 2 : 4
      guard bytes.integer(at: entry.start + 4, count: width) == item else { continue }
      return String(decoding: bytes.bytes(at: entry.start + 6 + width, count: 4), as: UTF8.self)
    }
    return nil
  }

  /// Applies `irot` and `imir` in the order in which the item refers to them.
  private mutating func applyProperties(in bytes: [UInt8]) {
    guard let all = ISOBox.first("iprp", in: bytes),
      let container = ISOBox.boxes(in: bytes, from: all.start, to: all.end)
        .first(where: { $0.type == "ipco" })
    else { return }
    let properties = ISOBox.boxes(in: bytes, from: container.start, to: container.end)
    for list in ISOBox.boxes(in: bytes, from: all.start, to: all.end) where list.type == "ipma" {
      for index in Self.associations(of: item, in: bytes, list) {
        guard (1...max(properties.count, 1)).contains(index), !properties.isEmpty else { continue }
        let property = properties[index - 1]
        guard let value = bytes.integer(at: property.start, count: 1) else { continue }
        switch property.type {
        case "irot": orientation = orientation.turnedLeft(value & 3)
        case "imir": orientation = orientation.mirrored(leftAndRight: value & 1 == 1)
        default: break
        }
      }
    }
  }

  /// The properties, counted from 1, that a list gives to an item.
  private static func associations(of item: Int, in bytes: [UInt8], _ list: ISOBox) -> [Int] {
    guard let version = bytes.integer(at: list.start, count: 1),
      let flags = bytes.integer(at: list.start + 1, count: 3),
      let count = bytes.integer(at: list.start + 4, count: 4)
    else { return [] }
    let (idWidth, width) = (version == 0 ? 2 : 4, flags & 1 == 0 ? 1 : 2)
    var (found, offset, left) = ([Int](), list.start + 8, count)
    while left > 0, offset < list.end, let id = bytes.integer(at: offset, count: idWidth),
      let count = bytes.integer(at: offset + idWidth, count: 1)
    {
      offset += idWidth + 1
      for place in 0..<count where id == item {
        guard let value = bytes.integer(at: offset + place * width, count: width) else { continue }
        // The highest bit says that a reader has to know the property.
        found.append(value & (width == 1 ? 0x7F : 0x7FFF))
      }
      offset += count * width
      left -= 1
    }
    return found
  }
}
