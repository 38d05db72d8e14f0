internal import Support

/// The files of a format that has one for each source.
///
/// `NAME.suffix` and `-` are the file of the only source, anything else is a folder of files that
/// have the names of their sources.
final class SourceOutputs {
  /// Where files without a name may be made.
  let spoolFolder: String
  private let path: String
  private let suffix: String
  private let folder: PartialFolder?
  private var owner: String?

  init(_ path: String, suffix: String, folder spoolFolder: String) throws(FileError) {
    self.path = path
    self.suffix = suffix
    self.spoolFolder = spoolFolder
    let isFile = OpenDescriptor.number(ofOutput: path) != nil || PathText.suffix(of: path) == suffix
    folder = isFile ? nil : try PartialFolder(path)
  }

  /// The file for what is known of a source.
  ///
  /// - Throws: `AnnotationError` if it is the second one of a single file.
  func file(of source: ExportedSource) throws -> ExportFile {
    if let folder { return try ExportFile(folder.place(of: "\(source.stem).\(suffix)")) }
    if let owner {
      throw AnnotationError(
        path: path, message: "There are several sources, '\(owner)' and '\(source.name)'.",
        remedy: "This format has a file for each, so name a folder for them.")
    }
    owner = source.name
    return try ExportFile(path)
  }

  /// Gives a folder its name.
  func finish() throws(FileError) { try folder?.finish() }

  /// Removes what was written into a folder.
  func discard() { folder?.discard() }
}
