public import Foundation
package import Pipeline

/// One thing to analyse: a file, a stream or a camera.
///
///     let camera = Source("rtsp://user:password@10.0.0.7/stream", name: "gate")
///     let all = try Source.expanding(["clips", "*.mp4", "@cameras.txt"])
public struct Source: Hashable, Sendable {
  /// The name of the source in every result; never contains a password.
  public var name: String
  /// What is opened: a path, a URL, a device such as `/dev/video0`, or `-` for standard input.
  public let location: String
  /// Whether frames arrive at their own pace, as from a camera; live sources are read at the same
  /// time, and opened again when they are lost.
  ///
  /// It follows from the location. With HTTP the source itself decides when it is opened, unless
  /// you set this.
  public var isLive: Bool { didSet { isKindOpen = false } }
  private var isKindOpen: Bool
  /// The part of it that is analysed, if it has one of its own.
  private var part: SourcePart?

  /// Creates a source from a path, a URL, a device or `-`.
  ///
  /// - Parameters:
  ///   - location: What is opened.
  ///   - name: The name in the results; by default the location without secrets.
  public init(_ location: String, name: String? = nil) {
    self.init(MediaSource(location))
    if let name { self.name = name }
  }

  /// Creates a source from a URL.
  ///
  /// - Parameters:
  ///   - url: A file, or a stream such as `rtsp://…`.
  ///   - name: The name in the results; by default the location without secrets.
  public init(_ url: URL, name: String? = nil) {
    self.init(url.isFileURL ? url.path : url.absoluteString, name: name)
  }

  /// The sources that command line arguments name: files, folders, patterns such as
  /// `*.mp4`, URLs, devices, and lists as `@LIST`.
  ///
  /// - Parameters:
  ///   - arguments: What a user would write.
  ///   - isRecursive: Whether a folder includes its subfolders.
  /// - Returns: The sources in order, each with a name of its own.
  /// - Throws: ``StreamDetectError/options(_:)`` with an argument that does not name a source. A
  ///   file that does not exist is accepted; opening it fails later.
  public static func expanding(
    _ arguments: [String], isRecursive: Bool = false
  ) throws(StreamDetectError) -> [Source] {
    do {
      return try SourceList.expand(arguments, options: .init(isRecursive: isRecursive))
        .map { Source($0) }
    } catch {
      throw .options(
        OptionFailure(
          "arguments", error.argument, message: error.message, remedy: error.remedy))
    }
  }

  /// Wraps a source of the pipeline.
  package init(_ source: MediaSource) {
    name = source.name
    location = source.location
    isLive = source.kind == .live
    isKindOpen = source.isKindOpen
    part = source.part
  }

  /// The source in the pipeline's terms.
  package var mediaSource: MediaSource {
    var source = MediaSource(name: name, location: location, kind: isLive ? .live : .file)
    source.isKindOpen = isKindOpen
    source.part = part
    return source
  }
}
