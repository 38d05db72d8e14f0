import CFFmpeg

/// Puts a picture together that its file stores as a grid of tiles (HEIC, large AVIF).
///
/// Since FFmpeg 7 each tile is a stream of its own, with one packet.
struct TilePicture {
  /// Tiles that could not be decoded; their places are black.
  private(set) var missing = 0
  /// The number of tiles.
  let count: Int

  private let grid: TileGrid
  private let source: String

  init(_ grid: TileGrid, source: String) {
    self.grid = grid
    self.source = source
    count = grid.tiles.count
  }

  /// Reads all tiles, decodes each, and gives the whole picture, cut to its size.
  ///
  /// - Throws: `MediaError` if no tile can be decoded, or reading fails.
  mutating func decode(
    _ demuxer: borrowing FormatContext, options: InputOptions
  ) throws(MediaError) -> UnsafeMutablePointer<AVFrame> {
    guard grid.isPlausible else { throw damaged() }
    try PixelLimit(options.maxPixels).check(
      width: Int32(grid.codedWidth), height: Int32(grid.codedHeight), source: source)
    let canvas = try FrameBuffer()
    var done: Set<Int> = []
    let packet = try PacketBuffer()
    while done.count < grid.streams.count, case .packet = try demuxer.read(into: packet) {
      let index = unsafe Int(packet.raw.pointee.stream_index)
      guard grid.streams.contains(index), !done.contains(index),
        let stream = unsafe demuxer.stream(index)
      else { continue }
      let tile = try FrameBuffer()
      guard unsafe try Self.decode(packet, of: stream, into: tile, options, source: source) else {
        continue
      }
      if done.isEmpty { try makeCanvas(canvas, like: tile) }
      if copy(tile, ofStream: index, to: canvas) { done.insert(index) }
    }
    guard !done.isEmpty else { throw damaged() }
    missing = grid.tiles.count { !done.contains($0.stream) }
    let frame = unsafe try canvas.handOver()
    if missing > 0 { unsafe frame.pointee.flags |= AV_FRAME_FLAG_CORRUPT }
    unsafe crop(frame)
    return unsafe frame
  }

  /// Decodes a packet that is a whole stream; returns whether there is a frame.
  private static func decode(
    _ packet: borrowing PacketBuffer, of stream: UnsafeMutablePointer<AVStream>,
    into frame: borrowing FrameBuffer, _ options: InputOptions, source: String
  ) throws(MediaError) -> Bool {
    let decoder = unsafe try CodecContext.open(
      stream: stream, options: options, isLive: true, source: source)
    do {
      try decoder.send(packet)
      try decoder.drain()
      return try unsafe decoder.receive(into: frame.raw) == .done
    } catch {
      return false
    }
  }

  /// Allocates a black canvas in the format of a tile.
  private func makeCanvas(
    _ canvas: borrowing FrameBuffer, like tile: borrowing FrameBuffer
  ) throws(MediaError) {
    unsafe canvas.raw.pointee.format = tile.raw.pointee.format
    unsafe canvas.raw.pointee.width = Int32(grid.codedWidth)
    unsafe canvas.raw.pointee.height = Int32(grid.codedHeight)
    try check(unsafe av_frame_get_buffer(canvas.raw, 0), "av_frame_get_buffer", source: source)
    try check(
      unsafe av_frame_copy_props(canvas.raw, tile.raw), "av_frame_copy_props", source: source)
    try check(unsafe sd_fill_black(canvas.raw), "av_image_fill_black", source: source)
  }

  /// Copies a tile to its places; returns whether it fits there.
  private func copy(
    _ tile: borrowing FrameBuffer, ofStream index: Int, to canvas: borrowing FrameBuffer
  ) -> Bool {
    var fits = false
    for place in grid.tiles where place.stream == index {
      fits = unsafe sd_copy_tile(canvas.raw, tile.raw, Int32(place.x), Int32(place.y)) != 0
    }
    return fits
  }

  /// Leaves only the part of the canvas that is the picture.
  private func crop(_ frame: UnsafeMutablePointer<AVFrame>) {
    unsafe frame.pointee.crop_left = grid.x
    unsafe frame.pointee.crop_top = grid.y
    unsafe frame.pointee.crop_right = grid.codedWidth - grid.x - grid.width
    unsafe frame.pointee.crop_bottom = grid.codedHeight - grid.y - grid.height
    // Without the flag, the left edge is moved to where memory is aligned.
    unsafe av_frame_apply_cropping(frame, Int32(AV_FRAME_CROP_UNALIGNED))
  }

  private func damaged() -> MediaError {
    MediaError(
      .invalidData, source: source,
      message: "None of the \(count) tiles of its picture could be decoded.",
      remedy: "Check that the file is complete and plays elsewhere.")
  }
}
