public import Foundation

/// The folder of reference data beside the checkout, or `nil` if there is none.
///
/// Tests that need it must say so when they are skipped because it is missing.
public let sharedFolder: URL? = {
  let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let shared = checkout.deletingLastPathComponent().appending(path: "shared")
  guard FileManager.default.fileExists(atPath: shared.appending(path: "golden").path) else {
    return nil
  }
  return shared
}()

/// Whether there is reference data beside the checkout; for `.enabled(if:)`.
public var hasShared: Bool { sharedFolder != nil }
