public import Foundation

/// The folder of reference data beside the checkout, where there is one.
///
/// Tests that need it must say that they were skipped where it is missing.
public let sharedFolder: URL? = {
  let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let shared = checkout.deletingLastPathComponent().appending(path: "shared")
  guard FileManager.default.fileExists(atPath: shared.appending(path: "golden").path) else {
    return nil
  }
  return shared
}()

/// Whether the reference data lies beside the checkout; for `.enabled(if:)`, with `skippedWithoutShared`.
public var hasShared: Bool { sharedFolder != nil }
