/// A picture of the video that has been read: a packet that isn't empty.
struct ReadPicture {
  /// The packet's number, from 1.
  var number: Int
  var pts: Int64
  var dts: Int64
  var duration: Int64
  /// Whether the container marks it as a keyframe.
  var isKeyframe: Bool
  var picture: CodedPicture
}

/// Compares what packets tell with the frames that the decoder makes of them.
///
/// From then on packets are believed. The decoder's first frames also show which of the first
/// pictures are not shown, such as those that refer to others before the beginning.
struct DecodingTrial {
  /// Pictures of which no frame has come yet.
  private(set) var waiting: [ReadPicture] = []
  /// All headers that were seen so far.
  private(set) var headers: CodedPicture.Headers = []
  /// The latest time of decoding, and of presentation.
  private(set) var lastDTS: Int64?
  private(set) var lastPTS = Int64.min
  /// How much later a picture is presented than decoded, at most.
  private(set) var delay: Int64 = 0
  private(set) var isLayered = false
  private var agreed = 0
  private var pictures = 0
  private var isLost = false

  /// So many frames in a row have to be as their packets say.
  private static let enough = 12
  /// After so many pictures without that, there is no more trying.
  private static let mostPictures = 300

  /// Whether packets can't be believed.
  var hasFailed: Bool { isLost || pictures > Self.mostPictures }
  /// Whether packets can be believed.
  var hasPassed: Bool { !hasFailed && agreed >= Self.enough && lastDTS != nil }

  /// Notes a picture that is decoded; `nil` if its packet doesn't tell enough.
  mutating func add(_ picture: ReadPicture?) {
    pictures += 1
    guard let picture, picture.pts >= picture.dts, picture.dts >= lastDTS ?? .min else {
      // It may be otherwise after the first packets.
      (agreed, lastDTS) = (0, nil)
      return
    }
    lastDTS = picture.dts
    lastPTS = max(lastPTS, picture.pts)
    delay = max(delay, picture.pts.saturatingSubtract(picture.dts))
    headers.formUnion(picture.picture.headers)
    isLayered = isLayered || picture.picture.isLayered
    if picture.picture.isShown { waiting.append(picture) }
  }

  /// Notes a frame from the packet with `number`.
  mutating func noteFrame(number: Int?, pts: Int64?) {
    guard let place = waiting.firstIndex(where: { $0.number == number }),
      waiting[place].pts == pts
    else {
      agreed = 0
      return
    }
    let pts = waiting.remove(at: place).pts
    agreed += 1
    // Those before it will not come.
    let count = waiting.count
    waiting.removeAll { $0.pts <= pts }
    if waiting.count < count { agreed = 0 }
  }

  /// Notes that something could not be read or decoded.
  mutating func noteDamage() { agreed = 0 }

  /// Notes that packets will never be believed.
  mutating func giveUp() { isLost = true }
}
