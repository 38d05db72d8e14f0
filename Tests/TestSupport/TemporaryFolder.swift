public import Foundation

/// A folder that is removed when the value is released.
public final class TemporaryFolder: Sendable {
  /// Path of the folder.
  public let path: String

  /// Creates an empty folder with a unique name.
  public init() throws {
    path = FileManager.default.temporaryDirectory.path + "/stream-detect-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and creates the folders on its path; returns the path.
  @discardableResult
  public func add(_ name: String, _ data: Data) throws -> String {
    let file = "\(path)/\(name)"
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try data.write(to: URL(filePath: file))
    return file
  }

  /// Writes a text file and creates the folders on its path; returns the path.
  @discardableResult
  public func add(_ name: String, _ text: String = "") throws -> String {
    try add(name, Data(text.utf8))
  }
}

extension TemporaryFolder {
  /// Writes frames of seeded noise as YUV4MPEG2, a video that needs no encoder; returns its path.
  ///
  /// 25 frames per second, 4:2:0 with 8 bits.
  public func addNoise(frames: Int, width: Int, height: Int, seed: UInt64 = 11) throws -> String {
    var random = SplitMix64(seed: seed)
    var bytes = Data("YUV4MPEG2 W\(width) H\(height) F25:1 Ip A1:1 C420jpeg\n".utf8)
    let size = width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2)
    for _ in 0..<frames {
      bytes += Data("FRAME\n".utf8)
      bytes += Data((0..<size).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
    return try add("noise-\(width)x\(height).y4m", bytes)
  }
}
