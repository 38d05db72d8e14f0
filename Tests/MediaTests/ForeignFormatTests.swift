import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("What isn't media is named, wherever it comes from")
struct ForeignFormatTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let examples: [(name: String, bytes: [UInt8])] = [
    ("web page", Array("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>".utf8)),
    ("web page", [0xEF, 0xBB, 0xBF] + Array("<HTML>\n<p>Sign in</p>".utf8)),
    ("(JSON)", Array("{\"error\": \"no such camera\"}".utf8)),
    ("a text", Array("One line.\nAnother line.\n".utf8)),
    ("ZIP", [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0] + [UInt8](repeating: 7, count: 300)),
    ("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 7, count: 300)),
    ("PDF", Array("%PDF-1.4\n1 0 obj\n".utf8)),
    ("Git LFS", Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n".utf8)),
    ("PDF", Array("%PDF-1.7\n%".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A, 0, 0, 0]),
  ]

  private func error(_ location: String) throws -> MediaError {
    var options = InputOptions()
    options.openTimeout = longWait
    options.readTimeout = longWait
    return try #require(throws: MediaError.self, "\(location)") {
      try Reading(location, options: options)
    }
  }

  /// The errors for a file, for what comes through a pipe, and for what a server sends.
  private func errors(_ bytes: [UInt8], _ ending: String) throws -> [MediaError] {
    let file = folder("\(UUID().uuidString)\(ending)")
    try Data(bytes).write(to: URL(filePath: file))
    let pipe = folder(UUID().uuidString)
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    Thread.detachNewThread {
      try? FileHandle(forWritingTo: URL(filePath: pipe)).write(contentsOf: Data(bytes))
    }
    let server = try StreamServer { $0.sendAll(bytes, type: "application/octet-stream") }
    return [try error(file), try error(pipe), try error(server.url("/a\(ending)"))]
  }

  @Test("documents, archives and what a server sends in place of a video")
  func documents() throws {
    for (name, bytes) in Self.examples {
      for ending in [".mp4", ""] {
        for error in try errors(bytes, ending) {
          #expect(error.message.contains(name), "\(name)\(ending): \(error)")
          #expect(error.code == .invalidData && !error.isTransient)
        }
      }
    }
  }

  @Test("also with the suffix of a picture, which FFmpeg takes for its format")
  func suffixes() throws {
    for (name, bytes) in Self.examples {
      for ending in [".jpg", ".png", ".gif"] {
        let path = folder("a\(ending)")
        try Data(bytes).write(to: URL(filePath: path))
        let error = try error(path)
        #expect(error.message.contains(name), "\(name)\(ending): \(error)")
      }
    }
  }

  @Test("pictures that a pipe's reader can't take as a whole")
  func pipedPictures() throws {
    let path = folder("pipe")
    for bytes in [
      TIFFFile(width: 64, height: 48).bytes, [0xFF, 0x0A] + [UInt8](repeating: 9, count: 90),
    ] {
      #expect(unsafe mkfifo(path, 0o600) == 0)
      Thread.detachNewThread {
        try? FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: Data(bytes))
      }
      #expect(try error(path).message.contains("can't be read from a pipe"))
      unsafe unlink(path)
    }
  }

  @Test("a HEIF picture is named as one, also where its file can't be read first")
  func piped() throws {
    guard !PictureSupport.readsHEIF else { return }
    let heic: [UInt8] = [0, 0, 0, 16] + Array("ftypheic".utf8) + [UInt8](repeating: 0, count: 300)
    for error in try errors(heic, "").dropFirst() {
      #expect(error.message.contains("HEIC") && error.remedy.contains("FFmpeg 7"), "\(error)")
    }
  }

  @Test("an answer without content is no damaged file")
  func noContent() throws {
    let refusing = try StreamServer { $0.send("HTTP/1.1 204 No Content\r\n\r\n") }
    let empty = try StreamServer { $0.sendAll([], type: "video/mp4") }
    for server in [refusing, empty] {
      let error = try error(server.url("/a.mp4"))
      #expect(error.message.contains("no content") && error.isTransient, "\(error)")
    }
  }
}
