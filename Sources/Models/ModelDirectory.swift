#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import Support

/// The folder where a user keeps model files.
public struct ModelDirectory: Sendable {
  /// A model file in the folder.
  public struct Entry: Sendable {
    /// The model's name: the file's name without `.safetensors`.
    public let name: String
    /// Path of the file.
    public let path: String
  }

  /// Path of the folder, which need not exist.
  public let path: String

  /// Creates the folder that the environment determines.
  ///
  /// That is `$STREAM_DETECT_MODELS`, else `$XDG_DATA_HOME/stream-detect/models`, else
  /// `~/.local/share/stream-detect/models`.
  ///
  /// - Parameter environment: The environment variables; by default those of the process.
  public init(environment: [String: String]? = nil) {
    let environment = environment ?? ProcessInfo.processInfo.environment
    func value(_ key: String) -> String? {
      environment[key].flatMap { $0.isEmpty ? nil : $0 }
    }
    if let models = value("STREAM_DETECT_MODELS") {
      path = models
    } else if let data = value("XDG_DATA_HOME"), data.hasPrefix("/") {
      // Relative values have to be ignored (XDG Base Directory Specification 0.8).
      path = data + "/stream-detect/models"
    } else {
      path = (value("HOME") ?? ".") + "/.local/share/stream-detect/models"
    }
  }

  /// Creates a folder by its path.
  public init(path: String) { self.path = path }

  /// The model files in the folder, sorted by name; empty if there is no folder.
  public func list() -> [Entry] {
    let names = (try? FolderListing.names(in: path)) ?? []
    return names.filter { $0.hasSuffix(Self.suffix) && !$0.hasPrefix(".") }
      .map { Entry(name: String($0.dropLast(Self.suffix.count)), path: "\(path)/\($0)") }
  }

  /// Opens a model by its path, by its name in the folder, or as `built-in`.
  ///
  /// - Throws: ``ModelFileError``; if it is `not_found`, the remedy lists the available names.
  public func open(_ name: String) throws(ModelFileError) -> ModelFile {
    name == ModelFile.builtInName ? try .builtIn() : try ModelFile(path: find(name))
  }

  /// The path of a model, from its path or its name in the folder.
  func find(_ name: String) throws(ModelFileError) -> String {
    // On a drive that doesn't answer, opening it says so.
    if FolderListing.item(at: name) != .missing { return name }
    let entries = list()
    if let entry = entries.first(where: { $0.name == name || $0.name + Self.suffix == name }) {
      return entry.path
    }
    let known = entries.map(\.name).joined(separator: ", ")
    throw ModelFileError(
      .notFound, path: name, message: "There is no file or model with that name.",
      remedy: entries.isEmpty
        ? "\(path) contains no models; get one with stream-detect models pull NAME, or import "
          + "it: stream-detect models import WEIGHTS -o \(path)/NAME\(Self.suffix)"
        : "The models in \(path) are: \(known).")
  }

  private static let suffix = ".safetensors"
}
