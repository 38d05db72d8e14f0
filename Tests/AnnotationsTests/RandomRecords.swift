import Foundation
import TestSupport

@testable import Annotations
@testable import Geometry

/// Records with every combination of keys, and numbers as they are written: rounded.
struct RandomRecords {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func record(_ kind: Record.Kind) -> Record {
    switch kind {
    case .run: .run(run())
    case .source: .source(source())
    case .frame: .frame(frame())
    case .classes: .classes(classes())
    case .segments: .segments(segments())
    case .event: .event(event())
    case .gap: .gap(gap())
    case .end: .end(end())
    case .summary:
      .summary(
        SummaryRecord(
          runID: name(),
          sources: .init(
            total: count(), complete: count(), truncated: count(), gaps: count(),
            failed: count(), stopped: count()),
          passedOver: .init(files: [name(): count(), "": count()], folders: count()),
          exitCode: Int.random(in: 0...255, using: &random)))
    }
  }

  private mutating func place() -> RunRecord.Options.Place {
    .init(
      name: name(), points: [Point(x: decimal(1, 6), y: decimal(1, 6)), Point(x: 640, y: 2.5)],
      isInPixels: Bool.random(using: &random),
      anchor: ["bottom", "center", "top"].randomElement(using: &random) ?? "top",
      classes: maybe { [$0.name()] }, loiter: maybe { Double($0.count() + 1) })
  }

  private mutating func run() -> RunRecord {
    let isClassifier = Bool.random(using: &random)
    var options =
      isClassifier
      ? RunRecord.Options(top: 1 + count())
      : RunRecord.Options(
        scoreThreshold: decimal(1, 6), iouThreshold: decimal(1, 6), maximumDetections: 1 + count())
    options.stride = maybe { $0.count() + 1 }
    options.fps = maybe { $0.decimal(100, 6) + 1 }
    options.every = maybe { $0.decimal(100, 6) + 1 }
    options.usesKeyframesOnly = Bool.random(using: &random)
    options.tiles = maybe { Bool.random(using: &$0.random) ? .automatic : .grids([2, 3]) }
    options.masks = Bool.random(using: &random) ? [name(), name()] : []
    options.regions = Bool.random(using: &random) ? [name()] : []
    options.tracking = maybe {
      .init(
        isOffline: Bool.random(using: &$0.random), timeToLive: $0.decimal(9, 6),
        minimumDuration: $0.decimal(9, 6), predictionTime: $0.decimal(9, 6),
        confidence: $0.decimal(1, 6), smoothsBoxes: Bool.random(using: &$0.random))
    }
    options.zones = Bool.random(using: &random) ? [place(), place()] : []
    options.lines = Bool.random(using: &random) ? [place()] : []
    options.isClassAgnostic = Bool.random(using: &random)
    options.classes = maybe { [$0.count(), $0.count()] }
    options.start = maybe { $0.decimal(100, 6) }
    options.end = maybe { $0.decimal(100, 6) }
    options.duration = maybe { $0.decimal(100, 6) }
    options.limit = maybe { $0.count() + 1 }
    return RunRecord(
      tool: name(), runID: "r" + name(), started: moment(),
      model: isClassifier
        ? .init(
          classifier: name(), sha256: String(repeating: "0f", count: 32), inputWidth: 1 + count(),
          inputHeight: 1 + count(), classes: [name(), name()])
        : Bool.random(using: &random)
          ? .init(
            segmenter: name(), sha256: String(repeating: "0f", count: 32), inputWidth: 1 + count(),
            inputHeight: 1 + count(), classes: ["background", name()])
          : .init(
            name: name(), sha256: String(repeating: "0f", count: 32), inputWidth: 1 + count(),
            inputHeight: 1 + count(), labels: ["background", name(), name()]),
      backend: .init(simd: "avx2", precision: "int8", threads: 1 + count()), options: options)
  }

  private mutating func source() -> SourceRecord {
    SourceRecord(
      source: name(), uri: name(), kind: SourceRecord.Kind.allCases[count() % 3],
      width: 1 + count(), height: 1 + count(), rotation: 90 * (count() % 4), codec: name(),
      pixelFormat: maybe { $0.name() }, timeBase: .init(1 + count(), 1 + count()),
      averageFrameRate: maybe { .init($0.count(), 1 + $0.count()) },
      start: maybe { $0.moment() }, tiles: maybe { _ in [2, 5] })
  }

  private mutating func frame() -> FrameRecord {
    let objects = (0..<count() % 4).map { _ in
      ObjectRecord(
        label: name(), classID: count(), confidence: decimal(1, 4),
        box: PixelBox(
          x: decimal(9999, 1), y: decimal(9999, 1), width: decimal(9999, 1),
          height: decimal(9999, 1)), trackID: maybe { 1 + $0.count() },
        isPredicted: Bool.random(using: &random), zones: (0..<count() % 3).map { _ in name() })
    }
    return FrameRecord(
      source: name(), index: count(),
      pts: maybe { .random(in: Int.min...Int.max, using: &$0.random) },
      t: decimal(1e6, 6), wall: maybe { $0.moment() }, lag: maybe { $0.decimal(100, 3) },
      width: 1 + count(), height: 1 + count(),
      isCorrupt: Bool.random(using: &random), objects: objects)
  }

  private mutating func classes() -> ClassesRecord {
    ClassesRecord(
      source: name(),
      classes: (0..<count() % 4).map { _ in
        .init(label: name(), classID: count(), confidence: decimal(1, 4))
      },
      index: count(), pts: maybe { .random(in: Int.min...Int.max, using: &$0.random) },
      t: decimal(1e6, 6), wall: maybe { $0.moment() }, lag: maybe { $0.decimal(100, 3) },
      isCorrupt: Bool.random(using: &random))
  }

  private mutating func segments() -> SegmentsRecord {
    SegmentsRecord(
      source: name(),
      segments: (0..<count() % 4).map { _ in
        .init(label: name(), classID: count(), share: decimal(1, 4))
      },
      index: count(), pts: maybe { .random(in: Int.min...Int.max, using: &$0.random) },
      t: decimal(1e6, 6), wall: maybe { $0.moment() }, lag: maybe { $0.decimal(100, 3) },
      width: 1 + count(), height: 1 + count(), isCorrupt: Bool.random(using: &random))
  }

  private mutating func event() -> EventRecord {
    var event = EventRecord(
      source: name(), id: name(), phase: EventRecord.Phase.allCases[count() % 3],
      change: maybe { EventRecord.Change.allCases[$0.count() % 6] }, t: decimal(1e6, 6),
      frame: count(), wall: maybe { $0.moment() }, label: name(), confidence: decimal(1, 4),
      trackID: 1 + count(),
      box: PixelBox(
        x: decimal(9999, 1), y: decimal(9999, 1), width: decimal(9999, 1), height: decimal(9999, 1)),
      zones: (0..<count() % 3).map { _ in name() })
    event.isStationary = Bool.random(using: &random)
    event.zoneName = maybe { $0.name() }
    event.lineName = maybe { $0.name() }
    event.direction = maybe { EventRecord.Direction.allCases[$0.count() % 2] }
    event.dwell = maybe { $0.decimal(1e5, 6) }
    event.occupancy = maybe { $0.count() }
    event.total = maybe { 1 + $0.count() }
    event.duration = maybe { $0.decimal(1e5, 6) }
    event.clip = maybe { $0.name() }
    event.snapshot = maybe { $0.name() }
    return event
  }

  private mutating func gap() -> GapRecord {
    GapRecord(
      source: name(), state: GapRecord.State.allCases[count() % 2], reason: maybe { $0.name() },
      nextFrame: count(), wall: moment(), attempt: count(), retryIn: maybe { $0.decimal(60, 3) })
  }

  private mutating func end() -> EndRecord {
    EndRecord(
      source: name(), status: EndRecord.Status.allCases[count() % EndRecord.Status.allCases.count],
      reason: maybe { "word: A " + $0.name() },
      frames: .init(
        decoded: count(), processed: count(), skipped: count(), dropped: count(), failed: count()),
      objects: count(), corrupt: count(), reconnects: count(), repairedTimestamps: count(),
      firstT: maybe { -$0.decimal(60, 6) }, lastT: maybe { $0.decimal(60, 6) },
      elapsed: decimal(1e5, 3))
  }

  private mutating func count() -> Int { .random(in: 0..<5000, using: &random) }

  private mutating func maybe<Value>(_ make: (inout RandomRecords) -> Value) -> Value? {
    Bool.random(using: &random) ? make(&self) : nil
  }

  private mutating func moment() -> Date {
    let milliseconds = Int.random(in: 0..<4_000_000_000_000, using: &random)
    return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  /// A number from 0 to `limit` with so many decimal places.
  private mutating func decimal(_ limit: Double, _ places: Int) -> Double {
    let scale = [1, 10, 100, 1e3, 1e4, 1e5, 1e6][places]
    return (Double.random(in: 0...limit, using: &random) * scale).rounded() / scale
  }

  /// A name of characters that JSON, shells and terminals treat in a special way.
  private mutating func name() -> String {
    let odd = Array("a\"\\/\n\r\t\u{0}\u{1}\u{1F}\u{7F}ü東🚲\u{2028}\u{FEFF}e\u{301}{}[],: ")
    return String((0...count() % 12).map { _ in odd[count() % odd.count] }) + "."
  }
}
