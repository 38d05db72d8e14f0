import CFFmpeg

/// Copies a video that was written in fragments into one with a single index before its data.
///
/// Packets and their times stay as they are.
enum IndexedCopy {
  /// Copies `source` to `target` with FFmpeg's muxer `muxer`.
  static func write(from source: String, to target: String, muxer: String) throws(MediaError) {
    do throws(FFmpegError) {
      let input = try CopyInput(source)
      let output = unsafe try IndexedOutput(target, muxer: muxer, like: input.streams)
      try unsafe input.read { (packet, stream) throws(FFmpegError) in
        try unsafe output.write(
          packet, stream: Int(stream.pointee.index), timeBase: stream.pointee.time_base)
        return true
      }
      try output.finish()
    } catch {
      throw MediaError(output: error, location: target)
    }
  }
}
