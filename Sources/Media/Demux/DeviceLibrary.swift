import CFFmpeg
import Foundation

/// FFmpeg's device library, which provides cameras as inputs.
///
/// It isn't linked but loaded when a camera is opened: on Debian it depends on eighty further
/// libraries, sound servers and window systems among them, which would slow down every start.
struct DeviceLibrary {
  /// The file name that the dynamic linker looks for.
  let name: String

  /// The library of the FFmpeg version that the program was built with.
  static let standard = DeviceLibrary(name: fileName(version: LIBAVDEVICE_VERSION_MAJOR))

  private static func fileName(version: Int32) -> String {
    #if canImport(Darwin)
    "libavdevice.\(version).dylib"
    #else
    "libavdevice.so.\(version)"
    #endif
  }

  /// Loads the library, which then stays loaded; loading it again is cheap.
  ///
  /// - Throws: `MediaError` with the code `device_library_missing` and `source`, the camera's name.
  func load(for source: String) throws(MediaError) -> LoadedDeviceLibrary {
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { throw missing(source) }
    guard let register = unsafe dlsym(handle, "avdevice_register_all"),
      let version = unsafe dlsym(handle, "avdevice_version")
    else { throw missing(source) }
    return unsafe LoadedDeviceLibrary(
      registerAll: unsafeBitCast(register, to: LoadedDeviceLibrary.RegisterAll.self),
      versionNumber: unsafeBitCast(version, to: LoadedDeviceLibrary.Version.self))
  }

  private func missing(_ source: String) -> MediaError {
    let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? name
    return MediaError(
      .deviceLibraryMissing, source: source,
      message: "Cameras need FFmpeg's device library, which cannot be loaded: \(reason).",
      remedy: "Install the libavdevice of the FFmpeg in use; on Debian and Ubuntu the package is "
        + "libavdevice\(LIBAVDEVICE_VERSION_MAJOR).")
  }
}

/// The functions of a loaded device library.
struct LoadedDeviceLibrary {
  typealias RegisterAll = @convention(c) () -> Void
  typealias Version = @convention(c) () -> UInt32

  fileprivate let registerAll: RegisterAll
  fileprivate let versionNumber: Version

  /// Registers the devices for `av_find_input_format`; may be called any number of times.
  func register() { registerAll() }

  /// The library's version, such as `59.7.100`.
  var version: String { versionText(versionNumber()) }
}

/// A version number of FFmpeg's libraries as text: `major.minor.micro`.
func versionText(_ version: UInt32) -> String {
  "\(version >> 16).\(version >> 8 & 255).\(version & 255)"
}
