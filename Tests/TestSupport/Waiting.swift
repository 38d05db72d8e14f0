internal import Foundation

/// Far longer than what is waited for takes on any machine, sanitizers included; in seconds.
public let longWait = 120.0

/// Waits until `condition` holds; `false` where it does not within ``longWait``.
public func waitUntil(_ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = Date(timeIntervalSinceNow: longWait)
  while try !condition() {
    if Date() > deadline { return false }
    usleep(2000)
  }
  return true
}
