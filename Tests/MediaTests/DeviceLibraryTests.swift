import CFFmpeg
import MediaTestSupport
import Testing

@testable import Media

@Suite("FFmpeg's device library")
struct DeviceLibraryTests {
  @Test("a missing library is an error that names the camera and the package")
  func missing() throws {
    let library = DeviceLibrary(name: "libavdevice.so.0-missing")
    let error = try #require(throws: MediaError.self) { try library.load(for: "/dev/video0") }
    #expect(error.code == "device_library_missing" && !error.isTransient)
    #expect(error.description.hasPrefix("/dev/video0: Cameras need FFmpeg's device library"))
    #expect(error.message.contains("libavdevice.so.0-missing"))
    #expect(error.remedy.contains("libavdevice\(LIBAVDEVICE_VERSION_MAJOR)"))
  }

  #if os(Linux)
  @Test("a library without the device functions gives the same error")
  func otherLibrary() throws {
    let library = DeviceLibrary(name: "libavutil.so.\(LIBAVUTIL_VERSION_MAJOR)")
    let error = try #require(throws: MediaError.self) { try library.load(for: "/dev/video0") }
    #expect(error.code == .deviceLibraryMissing)
    #expect(error.message.contains("avdevice_register_all"))
  }

  @Test("opening a camera loads the library, which provides its input format")
  func opening() throws {
    // Without the library, the error would be that of an unknown format.
    #expect(try failure("/dev/video-missing") == "not_found")
    let version = try FFmpegLibraries.deviceLibraryVersion()
    #expect(version.hasPrefix("\(LIBAVDEVICE_VERSION_MAJOR)."))
  }
  #endif
}
