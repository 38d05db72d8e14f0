internal import Foundation

/// Number of cores that this process may run on.
package func availableCores() -> Int {
  min(ProcessInfo.processInfo.activeProcessorCount, allowedCores() ?? .max)
}

/// Number of cores that a container or `taskset` allows, from Linux's /proc; `nil` elsewhere.
private func allowedCores() -> Int? {
  let file = "/proc/self/status"
  guard let status = try? String(contentsOfFile: file, encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") })
  else { return nil }
  // Hexadecimal digits with commas between groups of eight; one bit per core.
  let count = line.dropFirst("Cpus_allowed:".count)
    .reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
  return count > 0 ? count : nil
}
