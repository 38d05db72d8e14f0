/// What FFmpeg can't read although nothing is damaged, told by the first bytes.
struct ForeignFormat {
  /// The format, as in "It is …".
  let name: String
  let remedy: String

  /// How many bytes are enough to tell.
  static let headSize = 512

  /// Reads the first bytes of a source; `nil` if they may be those of media.
  ///
  /// `isPipe` says that it can't be read as a whole before it is decoded.
  init?(_ head: [UInt8], isPipe: Bool) {
    let head = Array(head.prefix(Self.headSize))
    if HEIFPicture.begins(head), !head.dropFirst(8).starts(with: "avif".utf8) {
      let isLate = PictureSupport.readsHEIF
      name = "a HEIF picture (HEIC)" + (isLate ? ", which FFmpeg can't read from there" : "")
      remedy = isLate ? "Give the path of a file." : PictureRemedy.heic
    } else if isPipe, let picture = Self.wholePicture(head) {
      name = "a \(picture) picture, which can't be read from a pipe"
      remedy = "Give the path of a file."
    } else if let text = Self.text(head) {
      (name, remedy) = text
    } else if let kind = Self.signatures.first(where: { Self.has($0.bytes, in: head) }) {
      (name, remedy) = (kind.name, "Unpack it first.")
    } else {
      return nil
    }
  }

  /// The error for a source of this format.
  func error(source: String) -> MediaError {
    MediaError(.invalidData, source: source, message: "It is \(name).", remedy: remedy)
  }

  private static let signatures: [(name: String, bytes: [UInt8])] = [
    ("a ZIP archive", [0x50, 0x4B, 3, 4]), ("a RAR archive", Array("Rar!".utf8)),
    ("a 7z archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    ("compressed with gzip", [0x1F, 0x8B]), ("compressed with xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A]),
    ("compressed with Zstandard", [0x28, 0xB5, 0x2F, 0xFD]),
    ("compressed with bzip2", Array("BZh".utf8)),
  ]

  private static func has(_ bytes: [UInt8], in head: [UInt8]) -> Bool { head.starts(with: bytes) }

  /// Pictures that FFmpeg decodes only from a single packet, which needs their size.
  private static func wholePicture(_ head: [UInt8]) -> String? {
    if has([0x49, 0x49, 0x2A, 0], in: head) || has([0x4D, 0x4D, 0, 0x2A], in: head) {
      return "TIFF"
    }
    let container: [UInt8] = [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20]
    return has([0xFF, 0x0A], in: head) || has(container, in: head) ? "JPEG XL" : nil
  }

  /// What a server sends in place of a video, and documents.
  private static func text(_ head: [UInt8]) -> (name: String, remedy: String)? {
    let mark: [UInt8] = has([0xEF, 0xBB, 0xBF], in: head) ? [0xEF, 0xBB, 0xBF] : []
    let start = head.dropFirst(mark.count).drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let lowercase = start.prefix(16).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    let isText = !head.isEmpty && head.allSatisfy { $0 >= 0x20 || [0x09, 0x0A, 0x0D].contains($0) }
    if ["<!doctype html", "<html", "<head"].contains(where: { lowercase.starts(with: $0.utf8) }) {
      return (
        "a web page (HTML)",
        "Open the address in a browser: it may want a login, or be that of a page with a player."
      )
    }
    // What names other files or streams has errors of its own.
    if PlaylistFile.kind(of: head) != nil || has(Array("v=0".utf8), in: head) { return nil }
    if has(Array("%PDF".utf8), in: head) {
      return ("a PDF document", "Convert its pages into pictures.")
    }
    if has(Array("version https://git-lfs".utf8), in: head) {
      return ("what Git LFS has in place of a file", "Get the file itself with \"git lfs pull\".")
    }
    guard isText else { return nil }
    if [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(start.first) {
      return ("a text (JSON)", "If it came from a server it may say why there is no video.")
    }
    return ("a text", "A list of sources is given as @FILE.")
  }
}
