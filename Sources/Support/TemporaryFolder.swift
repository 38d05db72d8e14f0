internal import Foundation

/// The folder for files that nobody keeps: that of `TMPDIR`, or the system's.
package func temporaryFolder() -> String { FileManager.default.temporaryDirectory.path }
