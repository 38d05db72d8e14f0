internal import Foundation

/// The drives that don't answer, so that what is on one of them is waited for only once.
///
/// A drive is remembered for as long as the call that found it out hangs. When that returns, the
/// drive answers again.
enum StuckDrives {
  private struct Drive {
    /// Where it is mounted, or else what hangs; without links.
    var place: String
    var work: DiskWork
  }

  private static let drives = Locked<[Drive]>([])
  /// How long is waited to find out where a look-up hangs, in seconds.
  private static let limit = 2.0

  /// Remembers the drive on which `work` hangs, and gives that work up.
  static func add(_ work: DiskWork) {
    guard work.giveUp() else { return }
    let place = reached(work.path, outside: [])
    // The root holds everything, also drives that answer.
    guard place != "/" else { return }
    let mount = MountPoints.all().filter { PathText.isPath(place, within: $0) }
      .max { $0.utf8.count < $1.utf8.count }
    let drive = Drive(place: mount == "/" ? place : mount ?? place, work: work)
    drives.withLock { $0.append(drive) }
  }

  /// Whether what `path` leads to is on a drive that doesn't answer.
  static func hold(_ path: String) -> Bool {
    let places = drives.withLock { drives in
      if !drives.isEmpty { drives.removeAll { $0.work.isDone } }
      return drives.map(\.place)
    }
    guard !places.isEmpty else { return false }
    let place = reached(path, outside: places)
    return places.contains { PathText.isPath(place, within: $0) }
  }

  /// How far the links of `path` can be followed: to where it leads, to the first of `places` on
  /// the way, or to where the look-up hangs.
  private static func reached(_ path: String, outside places: [String]) -> String {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    let start = isAbsolute ? "/" : FileManager.default.currentDirectoryPath
    let walk = LinkWalk(start, path, outside: places)
    let mostWaits = Int(limit / GivenUpCall.interval)
    var waits = 0
    try? GivenUpCall.run(
      until: {
        waits += 1
        return waits >= mostWaits
      }, walk.run)
    return walk.place
  }
}

/// Follows the links of a path, one name after another.
private final class LinkWalk: Sendable {
  private let names: [String]
  private let start: String
  private let places: [String]
  private let reached: Locked<String>

  init(_ start: String, _ path: String, outside places: [String]) {
    self.start = start
    names = PathText.components(of: path)
    self.places = places
    // As far as is known before the first look-up.
    reached = Locked(PathText.join(start, names.joined(separator: "/")))
  }

  /// Where it is.
  var place: String { reached.withLock { $0 } }

  @Sendable func run() {
    var folder = start
    var waiting = Array(names.reversed())
    var links = 0
    while let name = waiting.popLast() {
      if name == "." { continue }
      let next = name == ".." ? PathText.parent(of: folder) : PathText.join(folder, name)
      reached.withLock { $0 = next }
      if places.contains(where: { PathText.isPath(next, within: $0) }) { return }
      guard links < 40, let target = linkTarget(next) else {
        folder = next
        continue
      }
      links += 1
      if target.utf8.first == UInt8(ascii: "/") { folder = "/" }
      waiting += PathText.components(of: target).reversed()
    }
    reached.withLock { $0 = folder }
  }
}

/// Where drives are mounted, told without asking them.
enum MountPoints {
  /// The paths, without links; empty where the system has no `/proc`.
  static func all() -> [String] {
    guard let file = FileHandle(forReadingAtPath: "/proc/self/mountinfo"),
      let bytes = try? file.readToEnd()
    else { return [] }
    return parse([UInt8](bytes))
  }

  /// The fifth word of each line; a byte that would end the word is written as `\040`.
  static func parse(_ table: [UInt8]) -> [String] {
    table.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
      return words.count > 4 ? FileName.text(unescaped(words[4])) : nil
    }
  }

  private static func unescaped(_ word: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = word
    while let first = rest.popFirst() {
      let digits = rest.prefix(3)
      if first == UInt8(ascii: "\\"), digits.count == 3,
        let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(byte)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(first)
      }
    }
    return bytes
  }
}
