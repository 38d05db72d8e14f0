internal import Foundation
internal import Media
internal import Pictures

/// A picture to find objects in: from a file, from memory, or a frame of a video.
///
///     let photograph = try Picture(contentsOf: URL(filePath: "photograph.jpg"))
///     let screen = try Picture(pixels, format: .bgra, width: 1920, height: 1080)
///
/// Pictures are immutable, and cheap to copy and to pass between tasks. Their pixels are freed with
/// the last copy.
public struct Picture: Sendable {
  let frame: VideoFrame

  init(_ frame: VideoFrame) { self.frame = frame }

  /// Width as displayed, in pixels.
  public var width: Int { frame.width }
  /// Height as displayed, in pixels.
  public var height: Int { frame.height }
}

extension Picture {
  /// The picture as red, green and blue bytes, row by row: `width * height * 3` of them.
  ///
  /// - Throws: ``StreamDetectError/media(_:)`` if FFmpeg cannot convert the picture's pixel format,
  ///   or it is wider or higher than 16384 pixels.
  public func rgbBytes() throws(StreamDetectError) -> [UInt8] {
    guard width <= 16384, height <= 16384 else {
      throw .media(
        MediaFailure(
          .invalidSize, source: "memory",
          message: "The picture has \(width) x \(height) pixels; 16384 on a side are possible.",
          remedy: "Use a smaller picture."))
    }
    let image = RGBImage(width: width, height: height)
    do throws(MediaError) {
      try Scaler().scale(frame, into: image)
    } catch {
      throw .media(MediaFailure(error))
    }
    return image.withPixels { pixels in
      unsafe pixels.withUnsafeBufferPointer { unsafe [UInt8]($0) }
    }
  }
}
