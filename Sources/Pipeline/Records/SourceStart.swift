public import Foundation
public import Media
public import SSDLite

/// A source was opened.
public struct SourceStart: Sendable {
  /// The user's stable name for the source.
  public var source: String
  /// Where it was read from, without secrets.
  public var uri: String
  /// The video stream and its container.
  public var info: StreamInfo
  /// When it was opened; live sources only.
  public var start: Date?
  /// The tiles in a row of each grid that its frames are analysed in; `nil` if none were asked for,
  /// empty if none were chosen.
  public var tiles: [Int]?
  /// The input sizes at which its frames are analysed; `nil` if none were asked for.
  public var sizes: [InputSize]?
  /// The audio stream to copy, if there is one and a sink asks for audio.
  public var audio: AudioParameters?

  /// Makes a record from its parts.
  public init(
    source: String, uri: String, info: StreamInfo, start: Date? = nil, tiles: [Int]? = nil,
    sizes: [InputSize]? = nil, audio: AudioParameters? = nil
  ) {
    self.source = source
    self.uri = uri
    self.info = info
    self.start = start
    self.tiles = tiles
    self.sizes = sizes
    self.audio = audio
  }
}
