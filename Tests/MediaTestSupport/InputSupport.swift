internal import Foundation
internal import TestSupport
internal import Testing

@testable package import Media
@testable package import Pictures

/// Everything that reading a source to its end shows.
package struct Reading {
  package var info: StreamInfo
  package var frames: [VideoFrame]
  package var failed: Int
  package var repaired: Int
  package var truncation: String?

  package init(_ location: String, options: InputOptions = InputOptions()) throws {
    let reader = try VideoReader(location, options: options)
    frames = []
    while let frame = try reader.next() { frames.append(frame) }
    info = reader.info
    failed = reader.failedFrames
    repaired = reader.repairedTimestamps
    truncation = reader.truncationReason
    #expect(reader.wasTruncated == (truncation != nil))
  }
}

/// The code of the error from opening and reading `location`, or `nil` if that succeeds.
package func failure(_ location: String, options: InputOptions = InputOptions()) throws -> String? {
  do {
    _ = try Reading(location, options: options)
    return nil
  } catch let error as MediaError {
    #expect(error.message.hasSuffix(".") && error.remedy.hasSuffix("."))
    return error.code.rawValue
  }
}

/// The first frame of `location`, scaled to `width` x `height`.
package func scaledFirstFrame(_ location: String, width: Int, height: Int) throws -> RGBImage {
  let frame = try #require(try VideoReader(location).next())
  let image = RGBImage(width: width, height: height)
  try Scaler().scale(frame, into: image)
  return image
}

extension RGBImage {
  /// All pixels.
  package var bytes: [UInt8] { withPixels { pixels in pixels.indices.map { pixels[$0] } } }

  /// The red, green and blue of one pixel.
  package func pixel(_ x: Int, _ y: Int) -> [Int] {
    withPixels { pixels in
      let start = 3 * (y * width + x)
      return (start..<start + 3).map { Int(pixels[$0]) }
    }
  }

  /// Whether a pixel is within `tolerance` of `color` in each channel.
  package func isNear(_ color: [Int], _ x: Int, _ y: Int, tolerance: Int = 3) -> Bool {
    zip(pixel(x, y), color).allSatisfy { abs($0 - $1) <= tolerance }
  }
}
