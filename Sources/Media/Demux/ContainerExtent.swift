import CFFmpeg
import Foundation

/// Detects files that end before their container says they do.
///
/// FFmpeg reads a truncated file as if it simply ended there. The outermost lengths in most
/// containers reveal it; without such a length, a file counts as complete.
enum ContainerExtent {
  /// What is missing from the file, in words; `nil` if it seems complete.
  ///
  /// `interrupt` ends the reading early. The disk may take `stallTimeout` seconds to answer; 0 is
  /// no limit.
  ///
  /// - Throws: Why nothing is known, if another try may know more: the reading was given up, or the
  ///   system lacked something for it.
  static func shortfall(
    ofFile path: String, interrupt: Interrupt? = nil, stallTimeout: Double = 0
  ) throws(FFmpegError) -> String? {
    let file: ByteFile
    do throws(FFmpegError) {
      file = try ByteFile(opening: path, interrupt: interrupt, stallTimeout: stallTimeout)
    } catch {
      // What was moved or deleted while it was read needn't be cut off.
      if isTemporary(error) { throw error }
      return nil
    }
    let found = shortfall(of: file) ?? FollowingFile.shortfall(of: file)
    guard let failure = file.failure else { return found }
    if isTemporary(failure) { throw failure }
    return "its end could not be read"
  }

  private static func isTemporary(_ error: FFmpegError) -> Bool {
    error.code == SD_AVERROR_EXIT || MediaError(error, source: "").isTransient
  }

  private static func shortfall(of file: ByteFile) -> String? {
    let head = file.bytes(at: 0, count: 16)
    if head.starts(with: "RIFF".utf8) { return riff(file) }
    if head.dropFirst(4).starts(with: "ftyp".utf8) || head.dropFirst(4).starts(with: "moov".utf8) {
      return isoBoxes(file)
    }
    if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return matroska(file) }
    if head.starts(with: [0xFF, 0xD8, 0xFF]) {
      return jpeg(file) ?? JPEGScans.shortfall(of: file) ?? lastPicture(file)
    }
    if head.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return png(file) }
    if let picture = TIFFDirectory(file) { return missing(picture.end(in: file), of: file) }
    if head.first == 0x47, file.bytes(at: 188, count: 1).first == 0x47 {
      return file.size % 188 == 0 ? nil : "it ends in the middle of a transport stream packet"
    }
    return ContainerEnd.shortfall(of: file)
  }

  /// Motion JPEG without a container: the last picture, which follows the end mark of the one
  /// before it, needs one, too.
  private static func lastPicture(_ file: ByteFile) -> String? {
    let tail = 1 << 20
    let bytes = file.bytes(at: max(0, file.size - tail), count: tail)
    var (start, end) = (-1, -1)
    for place in bytes.indices.dropLast() where bytes[place] == 0xFF {
      if bytes[place + 1] == 0xD8, bytes[..<place].suffix(2) == [0xFF, 0xD9] { start = place }
      if bytes[place + 1] == 0xD9 { end = place }
    }
    return start > end ? "the end of the last picture is missing" : nil
  }

  private static func missing(_ end: Int, of file: ByteFile) -> String? {
    end > file.size ? "it ends \(end - file.size) bytes early" : nil
  }

  /// RIFF: consecutive chunks, each with the size of what follows its eight-byte header.
  ///
  /// Zero means that the writer never filled in the size.
  private static func riff(_ file: ByteFile) -> String? {
    var offset = 0
    while file.bytes(at: offset, count: 4).starts(with: "RIFF".utf8) {
      let size = file.littleEndian32(at: offset + 4) ?? 0
      guard size > 0, size < 0xFFFF_FFFF else { return nil }
      // Some writers include the header, so a file that is short by just that is complete.
      if offset + size > file.size { return missing(offset + 8 + size, of: file) }
      offset += 8 + size + size % 2
    }
    return nil
  }

  /// ISO/IEC 14496-12, 4.2: consecutive boxes; size 1 announces a 64-bit size, and 0 means "to the
  /// end of the file".
  ///
  /// FFmpeg looks for fragments box by box, so it finds none behind a damaged box.
  private static func isoBoxes(_ file: ByteFile) -> String? {
    var offset = 0
    var hasFragments = false
    var movies = 0
    /// Where a second file begins behind the first.
    var second: Int?
    func damage() -> String? {
      // Zeros up to the end fill a space that was reserved.
      guard hasFragments, file.skip(0, from: offset) < file.size else { return nil }
      return "its byte \(offset) is damaged, so what follows can't be read"
    }
    for _ in 0..<200_000 {
      guard let short = file.bigEndian(at: offset, count: 4) else {
        // Pictures have no movie; of fragments some of the second file is read.
        guard let second, movies != 1, !hasFragments else { return nil }
        return FollowingFile.text(at: second, of: file)
      }
      let type = file.bytes(at: offset + 4, count: 4)
      let size = short == 1 ? file.bigEndian(at: offset + 8, count: 8) ?? 0 : short
      let (end, overflow) = offset.addingReportingOverflow(size)
      let isLast = short == 0 && type.contains { $0 != 0 }
      guard size >= 8, !overflow else { return isLast ? nil : damage() }
      if end > file.size {
        // Anything may follow the media, so only the boxes that carry it count.
        let carries = ["mdat", "moof", "moov"].contains { type.elementsEqual($0.utf8) }
        return carries ? missing(end, of: file) : damage()
      }
      hasFragments = hasFragments || type.elementsEqual("moof".utf8)
      if type.elementsEqual("moov".utf8) { movies += 1 }
      if type.elementsEqual("ftyp".utf8), offset > 0 { second = second ?? offset }
      offset = end
    }
    return nil
  }

  /// RFC 8794 and 9559: the EBML header, then the Segment with its length, if its writer knew it.
  private static func matroska(_ file: ByteFile) -> String? {
    segmentEnd(file).flatMap { missing($0, of: file) }
  }

  /// Where the first segment of a Matroska file ends, if it says so.
  static func segmentEnd(_ file: ByteFile) -> Int? {
    guard let header = file.ebmlSize(at: 4) else { return nil }
    let segment = 4 + header.length + header.value
    guard segment < file.size,
      file.bytes(at: segment, count: 4).elementsEqual([0x18, 0x53, 0x80, 0x67]),
      let size = file.ebmlSize(at: segment + 4)
    else { return nil }
    let (end, overflow) = (segment + 4 + size.length).addingReportingOverflow(size.value)
    return overflow ? nil : end
  }

  /// ITU-T T.81, annex B: segments up to the scan, then the end-of-image marker.
  private static func jpeg(_ file: ByteFile) -> String? {
    var offset = 2
    while let marker = file.bigEndian(at: offset, count: 2), marker >> 8 == 0xFF {
      if marker == 0xFFDA {
        return file.contains([0xFF, 0xD9], from: offset) ? nil : "the end of the picture is missing"
      }
      if marker == 0xFFFF {
        // Any number of fill bytes may stand before a marker.
        let end = file.skip(0xFF, from: offset)
        offset = end == file.size ? end : max(offset + 1, end - 1)
        continue
      }
      guard let length = file.bigEndian(at: offset + 2, count: 2) else { break }
      offset += 2 + length
    }
    return offset >= file.size ? "the end of the picture is missing" : nil
  }

  /// ISO/IEC 15948, 5.3: chunks of length, type, data and checksum, the last one `IEND`.
  private static func png(_ file: ByteFile) -> String? {
    var offset = 8
    while let length = file.bigEndian(at: offset, count: 4) {
      let type = file.bytes(at: offset + 4, count: 4)
      offset += 12 + length
      if let shortfall = missing(offset, of: file) { return shortfall }
      if type.elementsEqual("IEND".utf8) { return nil }
    }
    return "the end of the picture is missing"
  }
}
