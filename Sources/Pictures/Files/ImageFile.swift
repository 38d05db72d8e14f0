public import Media
internal import Support
import CFFmpeg
import Foundation

/// Writes single pictures as JPEG or PNG files.
public enum ImageFile {
  /// Writes `picture` to `path`, as its suffix says: `.jpg`, `.jpeg` or `.png`.
  ///
  /// The file appears when it is complete; it is not waited for until it is on the disk, as there
  /// may be thousands.
  ///
  /// - Parameters:
  ///   - picture: what is written.
  ///   - path: where.
  ///   - quality: of JPEG, from 1 (best) to 31, as FFmpeg counts.
  /// - Throws: `MediaError` "output_format" for another suffix, "output_failed" where writing fails.
  public static func write(
    _ picture: Picture, path: String, quality: Int = 2
  ) throws(MediaError) {
    let suffix = (path as NSString).pathExtension.lowercased()
    let coding: ImageCoding
    switch suffix {
    case "jpg", "jpeg": coding = .jpeg(quality: min(max(quality, 1), 31))
    case "png": coding = .png
    default:
      throw MediaError(
        "output_format", source: path, message: "No image format has this suffix.",
        remedy: "Use .jpg or .png.")
    }
    let packet = try coding.encode(picture, path: path)
    let bytes = unsafe UnsafeRawBufferPointer(
      start: packet.raw.pointee.data, count: Int(packet.raw.pointee.size))
    unsafe try write(bytes, to: path)
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to path: String
  ) throws(MediaError) {
    do throws(FileError) {
      let file = try AtomicFile(path)
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

  /// `name` as a part of a path: letters, digits, `-`, `_` and inner dots of any script stay, the
  /// rest becomes `_`.
  ///
  /// Never empty, never hidden, at most 100 bytes, so that a suffix and a number still fit.
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
