import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("Encrypted media", .requires(.media))
struct EncryptionTests {
  private let folder: TemporaryFolder
  private let key = "76a6c65c5ea762046bd749a2e632ccbb"

  init() throws { folder = try TemporaryFolder() }

  private func encrypted(_ flags: String) throws -> String {
    let path = folder.path + "/a.mp4"
    try ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-c:v", "libx264", "-g", "5",
      "-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key,
      "-encryption_kid", "a7e61c373e219033c21091fa607bf3b8", "-movflags", flags, path)
    return path
  }

  private func error(_ path: String) -> MediaError? {
    do throws(MediaError) {
      let reader = try VideoReader(path)
      while try reader.next() != nil {}
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "encrypted video is refused with its scheme, in a file and in fragments",
    arguments: ["cenc", "cens", "cbc1", "cbcs"], ["faststart", "frag_keyframe+empty_moov"])
  func schemes(scheme: String, flags: String) throws {
    let path = try encrypted(flags)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let box = try #require(bytes.firstRange(of: Array("schm".utf8)))
    bytes.replaceSubrange((box.upperBound + 4)..<(box.upperBound + 8), with: scheme.utf8)
    let error = error(try folder.add("b.mp4", Data(bytes)))
    #expect(error?.code == .encrypted && error?.isTransient == false)
    #expect(error?.message.contains("(scheme \(scheme))") == true, "\(error?.message ?? "")")
  }

  @Test("with the key it is decrypted")
  func decrypted() throws {
    var options = InputOptions()
    options.demuxerOptions = [.init(key: "decryption_key", value: key)]
    let reading = try Reading(try encrypted("faststart"), options: options)
    #expect(reading.frames.count == 25 && reading.failed == 0)
  }

  @Test("encrypted video in a pipe is refused, too")
  func pipe() throws {
    let path = try encrypted("faststart")
    let pipe = folder.path + "/pipe.mp4"
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    let writer = Process()
    writer.executableURL = URL(filePath: "/bin/sh")
    writer.arguments = ["-c", "cat '\(path)' > '\(pipe)'"]
    try writer.run()
    #expect(error(pipe)?.code == .encrypted)
    writer.waitUntilExit()
  }

  @Test("an encrypted WebM is refused")
  func webM() throws {
    let path = folder.path + "/a.webm"
    try ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-c:v", "libvpx", path)
    var file = EBML([UInt8](try Data(contentsOf: URL(filePath: path))))
    #expect(error(path) == nil)
    file.encryptTracks()
    #expect(error(try folder.add("b.webm", Data(file.bytes)))?.code == .encrypted)
  }

  @Test("a transport stream whose packets are scrambled is refused")
  func scrambled() throws {
    let path = folder.path + "/a.ts"
    try ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-c:v", "libx264", path)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var random = SplitMix64(seed: 5)
    for packet in stride(from: 0, to: bytes.count, by: 188)
    where bytes[packet + 1] & 0x1F == 1 && bytes[packet + 2] == 0 {
      bytes[packet + 3] |= 0x80
      let adaptation = bytes[packet + 3] & 0x20 != 0 ? 1 + Int(bytes[packet + 4]) : 0
      for place in (packet + 4 + adaptation)..<(packet + 188) {
        bytes[place] ^= UInt8.random(in: 0...255, using: &random)
      }
    }
    #expect(error(try folder.add("b.ts", Data(bytes)))?.code == .encrypted)
  }

  @Test("HLS whose keys only a rights system has is refused with its name")
  func playlist() throws {
    try ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=64x48:d=2", "-c:v", "libx264", "-f", "hls",
      "-hls_playlist_type", "vod", folder.path + "/a.m3u8")
    let plain = try String(contentsOfFile: folder.path + "/a.m3u8", encoding: .utf8)
    #expect(error(folder.path + "/a.m3u8") == nil)
    let tag =
      "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://a,b\","
      + "KEYFORMAT=\"com.apple.streamingkeydelivery\"\n#EXTINF"
    try folder.add("b.m3u8", plain.replacingOccurrences(of: "#EXTINF", with: tag))
    try folder.add("c.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nb.m3u8\n")
    for name in ["b.m3u8", "c.m3u8"] {
      let error = error("\(folder.path)/\(name)")
      #expect(error?.code == .encrypted, "\(name)")
      #expect(
        error?.message.contains("(scheme SAMPLE-AES, com.apple.streamingkeydelivery)") == true)
    }
  }

  @Test("of the keys of a segment, the last that FFmpeg reads counts")
  func keys() {
    func scheme(_ tags: String...) -> String? {
      let lines = ["#EXTM3U"] + tags.map { "#EXT-X-KEY:" + $0 } + ["#EXTINF:2,", "a.ts"]
      return PlaylistKeys.scheme(in: lines.joined(separator: "\r\n")) { _ in nil }
    }
    #expect(scheme() == nil)
    #expect(scheme("METHOD=NONE") == nil)
    #expect(scheme("METHOD=AES-128,URI=\"k\"") == nil)
    #expect(scheme("METHOD=SAMPLE-AES,URI=\"k\",KEYFORMAT=\"identity\"") == nil)
    #expect(scheme("METHOD=SAMPLE-AES-CTR,URI=\"k\"") == "SAMPLE-AES-CTR")
    #expect(scheme("METHOD=AES-128,KEYFORMAT=\"x,y\",URI=\"k\"") == "AES-128, x,y")
    #expect(scheme("METHOD=AES-128,KEYFORMAT=\"x\"", "METHOD=AES-128") == nil)
    #expect(scheme("METHOD=SAMPLE-AES,KEYFORMAT=\"x\"", "METHOD=NONE") == nil)
  }

  @Test("video in the clear is read")
  func clear() throws {
    let path = folder.path + "/clear.mp4"
    try ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-c:v", "libx264", path)
    #expect(error(path) == nil)
  }
}

/// A WebM file as a list of its elements, nested as far as the tracks.
private struct EBML {
  private(set) var bytes: [UInt8] = []

  private static let segment = 0x1853_8067
  private static let tracks = 0x1654_AE6B
  private static let track = 0xAE
  /// Tables of places in the file, which are wrong when something is put in.
  private static let tables = [0x114D_9B74, 0x1C53_BB6B]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Marks each track as encrypted with AES in counter mode.
  mutating func encryptTracks() { bytes = Self.encrypted(bytes) }

  private static func encrypted(_ bytes: [UInt8]) -> [UInt8] {
    var (result, rest) = ([UInt8](), bytes[...])
    while !rest.isEmpty {
      let begin = rest
      let (id, _) = number(&rest)
      let (_, size) = number(&rest)
      let content = Array(rest.prefix(size))
      rest = rest.dropFirst(size)
      switch id {
      case segment, tracks: result += element(id, encrypted(content))
      case track: result += element(id, content + encodings)
      case _ where tables.contains(id): break
      default: result += begin[..<rest.startIndex]
      }
    }
    return result
  }

  /// RFC 9559, 5.1.4.1.31: one encoding of all contents, an encryption with a key of sixteen bytes.
  private static var encodings: [UInt8] {
    let encryption = element(
      0x5035, element(0x47E1, [5]) + element(0x47E2, [UInt8](repeating: 7, count: 16)))
    let encoding =
      element(0x5031, [0]) + element(0x5032, [1]) + element(0x5033, [1]) + encryption
    return element(0x6D80, element(0x6240, encoding))
  }

  private static func element(_ id: Int, _ content: [UInt8]) -> [UInt8] {
    let name = (0..<4).reversed().map { UInt8(truncatingIfNeeded: id >> (8 * $0)) }
    let size = (0..<7).reversed().map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) }
    return name.drop { $0 == 0 } + [1] + size + content
  }

  /// A number with its length mark, and without.
  private static func number(_ rest: inout ArraySlice<UInt8>) -> (marked: Int, value: Int) {
    let length = (rest.first ?? 1).leadingZeroBitCount + 1
    let marked = rest.prefix(length).reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(length)
    return (marked, marked & ~(1 << (7 * length)))
  }
}
