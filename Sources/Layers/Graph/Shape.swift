/// The size of one feature map, in pixels and channels.
///
/// The engine runs one image at a time, so there is no batch.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int
  /// Channels.
  public var channels: Int

  /// Creates a shape of `height` by `width` pixels with `channels` channels.
  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Pixels per channel.
  public var pixels: Int { height * width }
  /// Elements in the whole map.
  public var count: Int { pixels * channels }
  /// `height x width x channels`.
  public var description: String { "\(height) x \(width) x \(channels)" }
}

/// Channels are padded to whole vectors of the widest instruction set.
let channelPadding = 16

func paddedChannels(_ channels: Int) -> Int {
  (channels + channelPadding - 1) / channelPadding * channelPadding
}
