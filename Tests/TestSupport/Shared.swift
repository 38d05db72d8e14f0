public import Foundation

/// The root of the checkout that these tests belong to.
public let checkout = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// The folder of reference data beside the checkout, where there is one; tests that use it have
/// `.requires(.shared)`.
public let sharedFolder: URL? = {
  let shared = checkout.deletingLastPathComponent().appending(path: "shared")
  guard FileManager.default.fileExists(atPath: shared.appending(path: "golden").path) else {
    return nil
  }
  return shared
}()

/// Whether there is reference data beside the checkout; for `.enabled(if:)`.
public var hasShared: Bool { sharedFolder != nil }
