public import Foundation
internal import Media

extension Picture {
  /// Copies a picture from memory in which its planes follow one another.
  ///
  /// - Parameters:
  ///   - bytes: The memory: an array of bytes, `Data` or a buffer.
  ///   - format: How the pixels lie in it.
  ///   - width: Width in pixels.
  ///   - height: Height in pixels.
  ///   - bytesPerRow: Bytes from the start of one row of the first plane to the start of the next;
  ///     `nil` if there is nothing between rows. Rows of I420's second and third plane are half as
  ///     far apart, rounded up.
  ///   - isFullRange: Whether the luma of ``PixelFormat/i420`` and ``PixelFormat/nv12`` uses 0 to
  ///     255 rather than 16 to 235; without meaning for the other formats.
  /// - Throws: ``StreamDetectError/media(_:)`` with the code `invalidSize`, `invalidStride` or
  ///   `tooFewBytes`.
  public init(
    _ bytes: some ContiguousBytes, format: PixelFormat, width: Int, height: Int,
    bytesPerRow: Int? = nil, isFullRange: Bool = false
  ) throws(StreamDetectError) {
    let made: Result<Picture, StreamDetectError> = unsafe bytes.withUnsafeBytes { buffer in
      let span = unsafe RawSpan(_unsafeBytes: buffer)
      do throws(StreamDetectError) {
        return .success(
          try Picture(
            span, format: format, width: width, height: height, bytesPerRow: bytesPerRow,
            isFullRange: isFullRange))
      } catch {
        return .failure(error)
      }
    }
    self = try made.get()
  }

  /// Copies a picture from a span of memory in which its planes follow one another.
  ///
  /// - Parameters:
  ///   - bytes: The memory.
  ///   - format: How the pixels lie in it.
  ///   - width: Width in pixels.
  ///   - height: Height in pixels.
  ///   - bytesPerRow: Bytes from the start of one row of the first plane to the start of the next,
  ///     as for an array of bytes.
  ///   - isFullRange: Whether luma uses 0 to 255 rather than 16 to 235.
  /// - Throws: ``StreamDetectError/media(_:)`` with the code `invalidSize`, `invalidStride` or
  ///   `tooFewBytes`.
  public init(
    _ bytes: RawSpan, format: PixelFormat, width: Int, height: Int, bytesPerRow: Int? = nil,
    isFullRange: Bool = false
  ) throws(StreamDetectError) {
    let planes = try Self.planes(format, width: width, height: height)
    let memory = try Self.memory(format, width: width, height: height, isFullRange: isFullRange)
    var offset = 0
    for (index, plane) in planes.enumerated() {
      var stride = plane.rowBytes
      if let bytesPerRow {
        // Checked against the limit first, so that the sum cannot overflow.
        try Self.require(stride: bytesPerRow, atLeast: index == 0 ? plane.rowBytes : 0)
        stride = index == 0 || format == .nv12 ? bytesPerRow : (bytesPerRow + 1) / 2
        // A row of pairs has an even number of bytes.
        if index > 0 && format == .nv12 { stride += stride % 2 }
      }
      try Self.require(stride: stride, atLeast: plane.rowBytes)
      let end = offset + (plane.rows - 1) * stride + plane.rowBytes
      try Self.require(byteCount: bytes.byteCount, atLeast: end)
      memory.fill(plane: index, from: bytes, offset: offset, stride: stride)
      offset += plane.rows * stride
    }
    self.init(try Self.frame(memory))
  }

  /// Copies a picture whose planes lie in different places.
  ///
  /// - Parameters:
  ///   - planes: The memory of each plane, from its first pixel: one for RGB and BGRA, two for
  ///     NV12, three for I420.
  ///   - format: How the pixels lie in it.
  ///   - width: Width in pixels.
  ///   - height: Height in pixels.
  ///   - bytesPerRow: For each plane the bytes from the start of one row to the start of the next.
  ///   - isFullRange: Whether luma uses 0 to 255 rather than 16 to 235.
  /// - Throws: ``StreamDetectError/media(_:)`` with the code `invalidSize`, `invalidStride` or
  ///   `tooFewBytes`, the last also for a missing plane.
  public init(
    planes: [Data], format: PixelFormat, width: Int, height: Int, bytesPerRow: [Int],
    isFullRange: Bool = false
  ) throws(StreamDetectError) {
    let sizes = try Self.planes(format, width: width, height: height)
    guard planes.count == sizes.count, bytesPerRow.count == sizes.count else {
      throw Self.fault(
        .tooFewBytes,
        "The format has \(sizes.count) planes; there are \(planes.count), with "
          + "\(bytesPerRow.count) lengths of rows.")
    }
    let memory = try Self.memory(format, width: width, height: height, isFullRange: isFullRange)
    for (index, size) in sizes.enumerated() {
      let stride = bytesPerRow[index]
      try Self.require(stride: stride, atLeast: size.rowBytes)
      try Self.require(
        byteCount: planes[index].count, atLeast: (size.rows - 1) * stride + size.rowBytes)
      unsafe planes[index].withUnsafeBytes { buffer in
        let span = unsafe RawSpan(_unsafeBytes: buffer)
        memory.fill(plane: index, from: span, offset: 0, stride: stride)
      }
    }
    self.init(try Self.frame(memory))
  }
}

extension Picture {
  /// More than any picture's row, and small enough that a product with any height cannot overflow.
  private static let longestRow = 1 << 30

  /// The size of each plane, after checking that such a picture is possible.
  private static func planes(
    _ format: PixelFormat, width: Int, height: Int
  ) throws(StreamDetectError) -> [(rowBytes: Int, rows: Int)] {
    guard FrameMemory.isPossible(width: width, height: height) else {
      throw fault(.invalidSize, "A picture cannot have \(width) x \(height) pixels.")
    }
    return format.layout.planes(width: width, height: height)
  }

  private static func memory(
    _ format: PixelFormat, width: Int, height: Int, isFullRange: Bool
  ) throws(StreamDetectError) -> FrameMemory {
    do {
      return try FrameMemory(
        format.layout, width: width, height: height, isFullRange: isFullRange)
    } catch {
      throw .media(MediaFailure(error))
    }
  }

  private static func frame(_ memory: FrameMemory) throws(StreamDetectError) -> VideoFrame {
    do {
      return try memory.frame()
    } catch {
      throw .media(MediaFailure(error))
    }
  }

  private static func require(stride: Int, atLeast rowBytes: Int) throws(StreamDetectError) {
    guard stride >= rowBytes, stride <= longestRow else {
      throw fault(
        .invalidStride,
        "The rows are \(stride) bytes apart; each has \(rowBytes) bytes, and \(longestRow) are the "
          + "most.")
    }
  }

  private static func require(byteCount: Int, atLeast needed: Int) throws(StreamDetectError) {
    guard byteCount >= needed else {
      throw fault(
        .tooFewBytes, "The pixels take \(needed) bytes; the memory has \(byteCount).")
    }
  }

  private static func fault(_ code: MediaFailure.Code, _ message: String) -> StreamDetectError {
    .media(
      MediaFailure(
        code, source: "memory", message: message,
        remedy: "Check the width, the height, the format and the bytes per row."))
  }
}
