import CFFmpeg

/// Bytes that can be read at any place; reading past the end returns fewer.
protocol ByteSource {
  var size: Int { get }
  /// Up to `count` bytes from `offset`.
  func bytes(at offset: Int, count: Int) -> [UInt8]
}

extension ByteSource {
  /// An unsigned integer of at most seven bytes; `nil` past the end.
  func integer(at offset: Int, count: Int, isLittleEndian: Bool = false) -> Int? {
    let bytes = bytes(at: offset, count: count)
    guard bytes.count == count, count < 8 else { return nil }
    return (isLittleEndian ? bytes.reversed() : bytes).reduce(0) { $0 << 8 | Int($1) }
  }

  /// The part from `offset` on.
  func from(_ offset: Int) -> some ByteSource { BytesFrom(source: self, start: offset) }
}

extension ByteFile: ByteSource {}

extension [UInt8]: ByteSource {
  var size: Int { count }

  func bytes(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, offset < self.count, count > 0 else { return [] }
    return Array(self[offset...].prefix(count))
  }
}

private struct BytesFrom<Source: ByteSource>: ByteSource {
  let source: Source
  let start: Int

  var size: Int { max(source.size - start, 0) }

  func bytes(at offset: Int, count: Int) -> [UInt8] {
    offset < 0 || offset > .max - start ? [] : source.bytes(at: start + offset, count: count)
  }
}

/// The bytes of a packet; valid while the packet is.
@safe
struct PacketBytes: ByteSource {
  private let raw: UnsafeMutablePointer<AVPacket>

  init(_ packet: borrowing PacketBuffer) { unsafe raw = packet.raw }

  var size: Int { unsafe raw.pointee.data == nil ? 0 : Int(raw.pointee.size) }

  func bytes(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, offset < size, count > 0, let data = unsafe raw.pointee.data else {
      return []
    }
    return unsafe Array(UnsafeBufferPointer(start: data + offset, count: min(count, size - offset)))
  }
}

/// The bytes of an open source that can be sought in.
///
/// The caller has to restore the position.
@safe
struct IOBytes: ByteSource {
  private let raw: UnsafeMutablePointer<AVIOContext>

  init(_ raw: UnsafeMutablePointer<AVIOContext>) { unsafe self.raw = raw }

  /// What the first reading brings, which stays where it is.
  func arrived(atMost count: Int) -> [UInt8] {
    let start = unsafe avio_tell(raw)
    unsafe _ = avio_r8(raw)
    unsafe avio_seek(raw, start, SEEK_SET)
    let length = unsafe max(0, raw.pointee.buf_end - raw.pointee.buf_ptr)
    return unsafe Array(UnsafeBufferPointer(start: raw.pointee.buf_ptr, count: min(length, count)))
  }

  /// As large as can be if it is unknown, as that of a pipe.
  var size: Int {
    let size = unsafe avio_size(raw)
    return size < 0 ? Int.max / 2 : Int(size)
  }

  func bytes(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, (1...1 << 24).contains(count),
      unsafe avio_seek(raw, Int64(offset), SEEK_SET) == Int64(offset)
    else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let length = unsafe avio_read(raw, &bytes, Int32(count))
    return Array(bytes.prefix(max(0, Int(length))))
  }
}
