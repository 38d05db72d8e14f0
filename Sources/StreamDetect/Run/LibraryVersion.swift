/// The version of the library and the program.
package enum LibraryVersion {
  /// As `--version` and the first JSON line state it.
  package static let text = "0.1.0"
}
