/// How much processor time Linux's control groups leave this process.
///
/// A group's quota holds for everything below it, so the smallest from the process's own group up
/// to the root counts. Both versions may be mounted (cgroups(7)); inside a container, the mount
/// may show only a part of the tree.
struct CPUQuota {
  /// Cores' worth of time, for instance 1.5; `nil` without a quota.
  private(set) var cores: Double?

  /// A mounted hierarchy that can limit processor time.
  private struct Mount {
    /// Where it is mounted.
    var point: String
    /// The group that is visible there.
    var group: String
    var isVersion2: Bool
  }

  /// Reads the quotas of the file system at `root`.
  init(root: String) {
    guard let groups = systemText(root + "/proc/self/cgroup"),
      let mounts = systemText(root + "/proc/self/mountinfo")
    else { return }
    for mount in Self.mounts(mounts) {
      guard let own = Self.group(in: groups, isVersion2: mount.isVersion2) else { continue }
      // A group outside of the mount is hidden; then the mount's own is the nearest.
      var path = own.hasPrefix(mount.group + "/") ? own.dropFirst(mount.group.count) : ""
      while true {
        add(quota(of: root + mount.point + path, isVersion2: mount.isVersion2))
        guard let end = path.lastIndex(of: "/") else { break }
        path = path[..<end]
      }
    }
  }

  private mutating func add(_ quota: Double?) {
    if let quota { cores = min(cores ?? quota, quota) }
  }

  private func quota(of folder: String, isVersion2: Bool) -> Double? {
    let numbers: [Double?]
    if isVersion2 {
      // "max 100000" or "150000 100000".
      numbers = (systemText(folder + "/cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
        .map { Double($0) }
    } else {
      numbers = ["/cpu.cfs_quota_us", "/cpu.cfs_period_us"].map { name in
        systemText(folder + name).flatMap { Double($0.filter { !$0.isWhitespace }) }
      }
    }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0,
      period > 0,
      (quota / period).isFinite
    else { return nil }
    return min(quota / period, 1e6)
  }

  /// The process's group: the line `0::PATH`, or of version 1 the one whose controllers have `cpu`.
  private static func group(in text: String, isVersion2: Bool) -> Substring? {
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isOwn =
        isVersion2
        ? fields[0] == "0" && fields[1].isEmpty
        : fields[1].split(separator: ",").contains("cpu")
      if isOwn { return fields[2] == "/" ? "" : fields[2] }
    }
    return nil
  }

  /// The mounts in `/proc/self/mountinfo`: `ID PARENT DEVICE GROUP POINT OPTIONS … - TYPE SOURCE
  /// OPTIONS`.
  private static func mounts(_ text: String) -> [Mount] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else {
        return nil
      }
      let type = fields[dash + 1]
      let hasCPU = fields[dash + 3].split(separator: ",").contains("cpu")
      guard type == "cgroup2" || (type == "cgroup" && hasCPU) else { return nil }
      let group = plain(fields[3])
      return Mount(
        point: plain(fields[4]), group: group == "/" ? "" : group, isVersion2: type == "cgroup2")
    }
  }

  /// A path without the kernel's octal escapes, such as `\040` for a space.
  private static func plain(_ field: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        digits.allSatisfy({ (48...55).contains($0) })
      {
        bytes.append(digits.reduce(0) { $0 &* 8 &+ ($1 - 48) })
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
