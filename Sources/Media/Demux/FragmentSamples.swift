/// Counts the samples that the fragments of an MP4 file declare (ISO/IEC 14496-12, 8.8).
struct FragmentSamples {
  /// The samples of the track.
  private(set) var count = 0
  /// Where a second file begins behind the first.
  private(set) var second: Int?

  /// Reads all fragments; `nil` if there is none, or something makes no sense.
  init?(ofTrack track: Int, in file: ByteFile) {
    var hasFragments = false
    var movies = 0
    for box in ISOBox.boxes(in: file, from: 0, to: file.size) {
      switch box.type {
      case "ftyp":
        if movies > 0 { second = second ?? box.start - 8 }
      case "moov": movies += 1
      case "moof":
        hasFragments = true
        guard let samples = Self.samples(ofTrack: track, in: box, of: file) else { return nil }
        count += samples
      default: break
      }
    }
    guard hasFragments else { return nil }
    if movies < 2 { second = nil }
  }

  private static func samples(ofTrack track: Int, in fragment: ISOBox, of file: ByteFile) -> Int? {
    var count = 0
    for part in ISOBox.boxes(in: file, from: fragment.start, to: fragment.end)
    where part.type == "traf" {
      let boxes = ISOBox.boxes(in: file, from: part.start, to: part.end)
      guard let header = boxes.first(where: { $0.type == "tfhd" }),
        let id = file.integer(at: header.start + 4, count: 4)
      else { return nil }
      guard id == track else { continue }
      for run in boxes where run.type == "trun" {
        guard let samples = file.integer(at: run.start + 4, count: 4) else { return nil }
        count += samples
      }
    }
    return count
  }
}
