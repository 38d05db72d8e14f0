public import Foundation
internal import Media
internal import Pictures

extension Picture {
  /// Reads a picture from a file; of a video, the first frame.
  ///
  /// Every format that FFmpeg decodes can be read: JPEG, PNG, WebP, MP4 and many more. The picture
  /// is rotated as its file specifies.
  ///
  /// - Parameter url: A file, or a URL such as `https://…`.
  /// - Throws: ``StreamDetectError/media(_:)``, with the code `notFound` if there is no such file.
  public init(contentsOf url: URL) throws(StreamDetectError) {
    let location = url.isFileURL ? url.path : url.absoluteString
    do throws(MediaError) {
      self.init(try VideoFrame.first(of: location))
    } catch {
      throw .media(MediaFailure(error))
    }
  }

  /// Writes the picture as a JPEG or PNG file, by the file's extension.
  ///
  /// The file appears when it is complete.
  ///
  /// - Parameter url: A file whose name ends in `.jpg`, `.jpeg` or `.png`.
  /// - Throws: ``StreamDetectError/output(_:)`` if the file cannot be written.
  public func write(to url: URL) throws(StreamDetectError) {
    do throws(MediaError) {
      try ImageFile.write(drawable(), path: url.path)
    } catch {
      throw .output(OutputFailure(error))
    }
  }

  /// A copy to draw on, to crop and to encode.
  func drawable() throws(MediaError) -> Media.Picture {
    try Media.Picture(frame, converter: PictureConverter())
  }
}
