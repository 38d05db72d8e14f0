import CFFmpeg
import Foundation

/// FFmpeg's demuxers by what they may lead to.
enum Demuxers {
  /// Those that open what their data names without asking, or run it as a program.
  private static let unasked: Set<String> = [
    "concat", "concatf", "imf", "vobsub", "avisynth", "vapoursynth", "lavfi",
  ]

  /// Those that open what their data names.
  private static let playlists: Set<String> = [
    "hls", "applehttp", "dash", "sdp", "rtsp", "rtp", "image2", "webm_dash_manifest", "sap",
  ]

  /// All that may read a source, separated by commas.
  static let all = names { !unasked.contains($0) }

  /// All of them but those that open what their data names.
  static let besidesPlaylists = names { !unasked.contains($0) && !playlists.contains($0) }

  private static func names(_ isWanted: (String) -> Bool) -> String {
    var names: [String] = []
    var place: UnsafeMutableRawPointer?
    while let demuxer = unsafe av_demuxer_iterate(&place) {
      guard let name = unsafe demuxer.pointee.name else { continue }
      names += unsafe String(cString: name).split(separator: ",").map(String.init)
    }
    return names.filter(isWanted).joined(separator: ",")
  }
}
