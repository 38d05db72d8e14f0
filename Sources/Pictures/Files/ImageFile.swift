public import Media
internal import Support
import CFFmpeg
import Foundation

/// Writes single pictures as JPEG or PNG files.
public enum ImageFile {
  /// Writes `picture` to `path`, in the format of its suffix: `.jpg`, `.jpeg` or `.png`.
  ///
  /// The file appears only when it is complete. It isn't synced to disk, because there may be
  /// thousands.
  ///
  /// - Parameters:
  ///   - picture: The picture to write.
  ///   - path: The file to write.
  ///   - quality: The JPEG quality on FFmpeg's scale, from 1 (best) to 31.
  /// - Throws: `MediaError` "output_format" for another suffix, "output_failed" if writing fails.
  public static func write(
    _ picture: Picture, path: String, quality: Int = 2
  ) throws(MediaError) {
    let suffix = PathText.suffix(of: path)
    let coding: ImageCoding
    switch suffix {
    case "jpg", "jpeg": coding = .jpeg(quality: min(max(quality, 1), 31))
    case "png": coding = .png
    default:
      throw MediaError(
        "output_format", source: path, message: "No image format is known for this suffix.",
        remedy: "Use .jpg or .png.")
    }
    let packet = try coding.encode(picture, path: path)
    let bytes = unsafe UnsafeRawBufferPointer(
      start: packet.raw.pointee.data, count: Int(packet.raw.pointee.size))
    unsafe try write(bytes, to: path)
  }

  /// `picture` as a JPEG file in memory; `quality` is on FFmpeg's scale, from 1 (best) to 31.
  ///
  /// - Throws: `MediaError` if there is no memory for it.
  public static func jpeg(_ picture: Picture, quality: Int) throws(MediaError) -> [UInt8] {
    let packet = try ImageCoding.jpeg(quality: min(max(quality, 1), 31))
      .encode(picture, path: "JPEG")
    let bytes = unsafe UnsafeRawBufferPointer(
      start: packet.raw.pointee.data, count: Int(packet.raw.pointee.size))
    return unsafe Array(bytes)
  }

  /// Writes a map of classes to `path` as an indexed PNG: the pixels are class ids, and `colors`
  /// the palette.
  ///
  /// The file appears only when it is complete. It isn't synced to disk.
  ///
  /// - Precondition: There are at most 256 colours.
  /// - Throws: `MediaError` "output_failed" if writing fails.
  public static func write(
    _ map: PixelClasses, colors: [Color], path: String
  ) throws(MediaError) {
    precondition(colors.count <= 256, "\(colors.count) colours")
    let packet = try ImageCoding.encode(map, colors: colors, path: path)
    let bytes = unsafe UnsafeRawBufferPointer(
      start: packet.raw.pointee.data, count: Int(packet.raw.pointee.size))
    unsafe try write(bytes, to: path)
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to path: String
  ) throws(MediaError) {
    do throws(FileError) {
      let file = try AtomicFile(path, claims: false)
      do throws(FileError) {
        unsafe try file.write(bytes)
        try file.finish(syncs: false)
      } catch {
        file.discard()
        throw error
      }
    } catch {
      throw MediaError(output: error)
    }
  }

  /// `name` as a path component: letters and digits of any script, `-`, `_` and dots after the
  /// first character are kept, and everything else becomes `_`.
  ///
  /// Never empty or hidden, and at most 100 bytes, which leaves room for a suffix and a number.
  public static func safeName(_ name: String) -> String {
    var safe = ""
    for scalar in name.unicodeScalars {
      let properties = scalar.properties
      let stays =
        properties.isAlphabetic || properties.numericType != nil
        || "-_.".unicodeScalars.contains(scalar)
      let next = stays ? scalar : "_"
      guard safe.utf8.count + Unicode.UTF8.width(next) <= 100 else { break }
      safe.unicodeScalars.append(next)
    }
    if safe.hasPrefix(".") { safe = "_" + safe.dropFirst() }
    return safe.isEmpty ? "_" : safe
  }
}
