import Foundation
import Logging
import Support
import TestSupport
import Testing

@testable import Recording

@Suite("The store of recordings")
struct StoreTests {
  private let folder: TemporaryFolder
  private let start = Date(timeIntervalSince1970: 1_700_000_000)

  init() throws { folder = try TemporaryFolder() }

  private func store(
    _ change: (inout RecordingStore.Limits) -> Void = { _ in },
    free: @escaping @Sendable (String) -> Int = { _ in .max }
  ) throws -> RecordingStore {
    var limits = RecordingStore.Limits()
    limits.minFree = 0
    change(&limits)
    return try RecordingStore(folder.path, limits, logger: Logger(label: "test")) { free($0) }
  }

  /// Makes segments of ten seconds and so many bytes, each ten seconds from `offset` on.
  private func add(_ camera: String, _ count: Int, bytes: Int = 1000, offset: Double = 0) throws {
    for index in 0..<count {
      let name = SegmentName(start + offset + Double(index * 10))
      let path = try folder.add("\(camera)/\(name.path)", Data(count: bytes))
      let end = name.date + 10
      try FileManager.default.setAttributes([.modificationDate: end], ofItemAtPath: path)
    }
  }

  @Test("a name is the time in UTC, and is read again", arguments: 0..<50)
  func names(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let name = SegmentName(
      milliseconds: .random(in: 0...4_000_000_000_000, using: &random),
      copy: .random(in: 1...12, using: &random))
    #expect(SegmentName(name.path) == name)
    #expect(name.path.hasPrefix(name.folder + "/") && name.folder.hasPrefix(name.day + "/"))
    for end in 0..<name.path.count { #expect(SegmentName(String(name.path.prefix(end))) == nil) }
  }

  @Test("names of other files aren't those of segments")
  func foreignNames() {
    #expect(SegmentName(start).path == "2023-11-14/22/13-20.000.mp4")
    for path in [
      "2023-11-14/22/13-20.000-1.mp4", "2023-11-14/22/13-20.000-x.mp4",
      "2023-11-14/22/13-20.000-99999.mp4", "2023-13-14/22/13-20.000.mp4",
      "2023-11-14/22/13:20.000.mp4", "2023-11-14/22/é3-20.000.mp4", "x/2023-11-14/22/13-20.000.mp4",
    ] {
      let name = SegmentName(path)
      #expect(name == nil || name?.path == path, "\(path)")
    }
  }

  @Test("what was there is found again, with and without the index")
  func scan() throws {
    try add("door", 5)
    try folder.add("door/2023-11-14/22/notes.txt", "x")
    try folder.add("door/2023-11-14/22/59-59.000.mp4", "")
    #expect(try store().byteCount == 5000)
    // The empty one is gone, the others are in the index now; a cut off line is passed over.
    let index = "\(folder.path)/door/2023-11-14/index"
    let text = try String(contentsOfFile: index, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 5)
    let damage = "\n22/13-40.000.mp4 10000 9223372036854775807\n22/13-20.0"
    try (text + damage).write(toFile: index, atomically: false, encoding: .utf8)
    try FileManager.default.removeItem(atPath: "\(folder.path)/door/2023-11-14/22/13-30.000.mp4")
    let second = try store()
    #expect(second.byteCount == 4000)
    let hold = second.hold("door", from: start + 15, to: start + 25)
    #expect(hold.segments.map(\.start) == [start + 20])
    #expect(hold.segments.map(\.seconds) == [10])
  }

  @Test("what a kill has left of a fragment is cut off")
  func wholeFragments() throws {
    func box(_ type: String, _ bytes: Int) -> [UInt8] {
      [0, 0, UInt8(bytes >> 8), UInt8(bytes & 255)] + Array(type.utf8)
        + [UInt8](repeating: 7, count: bytes - 8)
    }
    let start = box("ftyp", 36) + box("moov", 800) + box("moof", 200) + box("mdat", 5000)
    let next = box("moof", 120) + box("mdat", 3000)
    for cut in [0, 5, 8, 119, 120, 126, 128, 3119, 3120] {
      let path = try folder.add("cut.mp4", Data(start + next.prefix(cut)))
      let whole = start.count + (cut == next.count ? cut : 0)
      #expect(WholeFragments.byteCount(of: path) == whole, "\(cut)")
    }
    let foreign = try folder.add("foreign.mp4", Data(count: 1000))
    #expect(WholeFragments.byteCount(of: foreign) == 1000)
  }

  @Test("there is room for so many bytes: the oldest of all cameras go")
  func bytes() throws {
    try add("door", 5)
    try add("yard", 5, offset: 5)
    let store = try store { $0.bytes = 10_500 }
    try store.claim(500)
    #expect(store.byteCount == 10_500)
    try store.claim(2500)
    #expect(store.byteCount == 10_500 - 3000 + 2500)
    #expect(try store.files("door").count == 3)
    #expect(try store.files("yard").count == 4)
    store.release(3000)
    #expect(store.byteCount == 7000)
    // What is claimed doesn't go.
    #expect(throws: RecordingError.self) { try store.claim(11_000) }
    #expect(store.byteCount == 0)
    // Neither do the folders stay.
    let left = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    #expect(left.sorted() == ["door", "yard"])
  }

  @Test("what is held or written stays")
  func protected() throws {
    try add("door", 3)
    let store = try store { $0.bytes = 3000 }
    let key = try store.begin("door", at: start - 100)
    var hold: RecordingStore.Hold? = store.hold("door", from: start, to: start + 15)
    #expect(hold?.segments.count == 2)
    #expect(throws: RecordingError.self) { try store.claim(2000) }
    #expect(store.byteCount == 2000)
    hold = nil
    try store.claim(2000)
    #expect(store.byteCount == 3000)
    try Data(count: 700).write(to: URL(filePath: store.path(of: key)))
    store.end(key, seconds: 9, claimed: 2000)
    #expect(store.byteCount == 1700)
  }

  @Test("so many bytes stay free, whoever fills the disk")
  func minFree() throws {
    try add("door", 10)
    let others = Locked(0)
    let path = folder.path
    let store = try store {
      $0.minFree = 5000
    } free: { _ in
      let files = try? FileManager.default.subpathsOfDirectory(atPath: path)
      let own = (files ?? []).count { $0.hasSuffix(".mp4") } * 1000
      return 20_000 - own - others.withLock { $0 }
    }
    try store.claim(5000)
    store.release(5000)
    #expect(try store.files().count == 10)
    others.withLock { $0 = 9000 }
    try store.claim(1000)
    #expect(try store.files().count == 5)
    others.withLock { $0 = 30_000 }
    #expect(throws: RecordingError.self) { try store.claim(1000) }
    others.withLock { $0 = 0 }
    try store.claim(1000)
  }

  @Test("what is older than its camera keeps it goes")
  func age() throws {
    try add("door", 10)
    try add("yard", 10)
    try add("roof", 10)
    let store = try store {
      $0.age = 60
      $0.ages = ["yard": 30, "roof": 1e9]
    }
    store.expire(at: start + 100.5)
    store.expire(at: start - 1e300)
    #expect(try store.files("door").count == 6)
    #expect(try store.files("yard").count == 3)
    #expect(try store.files("roof").count == 10)
  }

  @Test("a clock that was set back overwrites nothing")
  func clockSetBack() throws {
    let store = try store()
    let keys = try (0..<3).map { _ in try store.begin("door", at: start) }
    #expect(keys.map(\.name.copy) == [1, 2, 3])
    for key in keys {
      try Data(count: 1000).write(to: URL(filePath: store.path(of: key)))
      store.end(key, seconds: 10, claimed: 0)
    }
    #expect(try self.store().byteCount == 3000)
    #expect(throws: RecordingError.self) { try store.folder(of: "../door") }
    let huge = try self.store {
      $0.minFree = .max
      $0.bytes = .max
    } free: { _ in
      0
    }
    #expect(throws: RecordingError.self) { try huge.claim(1) }
    #expect(throws: RecordingError.self) { try store.folder(of: ".door") }
  }
}
