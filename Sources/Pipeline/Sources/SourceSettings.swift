/// What a line of a manifest says about its source besides the name.
package struct SourceSettings: Hashable, Sendable {
  /// An option as on the command line.
  package struct Option: Hashable, Sendable {
    /// Its name without the dashes.
    package let name: String
    /// Its values; several if it is a list.
    package let values: [String]
    /// Whether it was `true` or `false`, which has no value.
    package let isFlag: Bool
  }

  /// The part that is analysed; `nil` for what the options say.
  package let part: SourcePart?
  /// Options for this source, sorted by name.
  package let options: [Option]
  /// Where the line is: `@LIST:LINE`.
  package let place: String
}

/// A source with what its line in a manifest says.
package struct SourceEntry: Sendable {
  /// The source.
  package let source: MediaSource
  /// What the line says besides; `nil` for nothing.
  package let settings: SourceSettings?
}

extension SourceList {
  /// Expands the arguments for a batch: sources that are listed twice are read once, and lines of
  /// manifests may have settings.
  ///
  /// - Throws: `SourceListError` with the argument that doesn't name a source.
  package static func entries(
    _ arguments: [String], isRecursive: Bool
  ) throws(SourceListError) -> (entries: [SourceEntry], passedOver: PassedOver) {
    var options = SourceListOptions(isRecursive: isRecursive)
    (options.takesSettings, options.keepsDuplicates) = (true, false)
    var expansion = SourceExpansion(options: options)
    for argument in arguments { try expansion.add(argument) }
    let entries = expansion.sources.map { source in
      SourceEntry(source: source, settings: expansion.settings[source.name])
    }
    return (entries, expansion.passedOver)
  }
}
