internal import Foundation

/// Number of cores that this process may keep busy, at least 1.
///
/// What the processor has, less what its affinity (`taskset`, `cpuset`) forbids, and no more than
/// the quota of its control groups, rounded up.
package func availableCores() -> Int {
  availableCores(of: ProcessInfo.processInfo.activeProcessorCount, root: "")
}

/// The same for a machine with `count` cores whose file system is at `root`.
package func availableCores(of count: Int, root: String) -> Int {
  var cores = min(count, allowedCores(root) ?? .max)
  if let quota = CPUQuota(root: root).cores { cores = min(cores, Int(quota.rounded(.up))) }
  return max(cores, 1)
}

/// Number of cores that the affinity allows, from Linux's /proc; `nil` elsewhere.
private func allowedCores(_ root: String) -> Int? {
  guard let status = systemText(root + "/proc/self/status"),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") })
  else { return nil }
  // Hexadecimal digits with commas between groups of eight; one bit per core.
  let count = line.dropFirst("Cpus_allowed:".count)
    .reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
  return count > 0 ? count : nil
}

/// The text of a file of the system; `nil` if there is none.
func systemText(_ path: String) -> String? {
  guard let file = FileHandle(forReadingAtPath: path),
    let data = try? file.read(upToCount: 1 << 20)
  else { return nil }
  return String(decoding: data, as: UTF8.self)
}
