import Evaluation
import Foundation
import Geometry
import TestSupport
import Tracking

/// Objects that walk through a picture of 1280 x 720 pixels, and how a detector sees them.
struct Scene {
  /// An object with a straight path.
  struct Walker {
    var number: Int
    var classID = 0
    /// Centre at time 0, pixels.
    var x: Double
    var y: Double
    /// Pixels per second.
    var vx = 0.0
    var vy = 0.0
    var width = 40.0
    var height = 100.0

    func box(at time: Double) -> PixelBox {
      PixelBox(
        x: x + vx * time - width / 2, y: y + vy * time - height / 2, width: width, height: height)
    }
  }

  static let size = FrameSize(width: 1280, height: 720)

  var walkers: [Walker]
  /// Frames a second.
  var rate = 25.0
  var seconds = 8.0
  /// Deviation of each edge, in sides.
  var jitter = 0.0
  var score = 0.9
  /// Whether the detector sees a walker at a time.
  var isSeen: (Walker, Double) -> Bool = { _, _ in true }
  /// How far the camera has moved the picture to the right, in pixels.
  var pan: (Double) -> Double = { _ in 0 }

  var times: [Double] { (0..<Int(seconds * rate)).map { Double($0) / rate } }

  /// Where each walker is in the picture at a time.
  func truth(at time: Double) -> [NumberedBox] {
    walkers.map { walker in
      var box = walker.box(at: time)
      box.x += pan(time)
      return NumberedBox(number: walker.number, classID: walker.classID, box: box)
    }
  }

  /// What the detector reports at a time; the same in every call.
  func observations(at time: Double) -> [BoxObservation] {
    var random = SplitMix64(seed: UInt64(time * 1000))
    func noise(_ side: Double) -> Double {
      // The sum of twelve uniform numbers is nearly normal.
      side * jitter * ((0..<12).reduce(-6.0) { sum, _ in sum + .random(in: 0...1, using: &random) })
    }
    return zip(walkers, truth(at: time)).compactMap { walker, object in
      guard isSeen(walker, time) else { return nil }
      let box = object.box
      return BoxObservation(
        box: PixelBox(
          x: box.x + noise(box.width), y: box.y + noise(box.height),
          width: box.width + noise(box.width), height: box.height + noise(box.height)),
        score: score, classID: walker.classID)
    }
  }

  /// What `Tracker` reports in each frame.
  func tracked(_ options: TrackerOptions = .init()) -> [[TrackedBox]] {
    var tracker = Tracker(options)
    return times.map { tracker.update(observations(at: $0), at: $0, frame: Self.size) }
  }

  /// What `OfflineTracker` reports in each frame.
  func trackedOffline(_ options: TrackerOptions = .init()) -> [[TrackedBox]] {
    var tracker = OfflineTracker(options)
    let early = times.flatMap {
      tracker.update(observations(at: $0), at: $0, frame: Self.size)
    }
    return early + tracker.finish()
  }

  func figures(_ found: [[TrackedBox]]) -> TrackFigures {
    TrackFigures(
      zip(times, found).map { time, objects in
        TrackedFrame(truth: truth(at: time), found: objects.map(NumberedBox.init))
      })
  }

  /// Twelve walkers of different sizes and speeds whose ways cross.
  static func crowd(seed: UInt64, jitter: Double = 0.03) -> Scene {
    var random = SplitMix64(seed: seed)
    return Scene(
      walkers: (1...12).map { number in
        let height = Double.random(in: 60...180, using: &random)
        return Walker(
          number: number, x: .random(in: 250...1030, using: &random),
          y: .random(in: 150...560, using: &random),
          vx: .random(in: -25...25, using: &random), vy: .random(in: -6...6, using: &random),
          width: height * 0.4, height: height)
      }, jitter: jitter)
  }
}

extension NumberedBox {
  init(_ object: TrackedBox) {
    self.init(number: object.trackID, classID: object.classID, box: object.box)
  }
}
