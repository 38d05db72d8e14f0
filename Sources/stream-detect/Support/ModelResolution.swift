internal import Logging
internal import StreamDetect

/// Finds the model that a command uses.
struct ModelResolution {
  var directory = ModelDirectory()
  var logger: Logger

  /// The detector that `name` names; without a name the one of the model folder.
  ///
  /// - Throws: `ModelFileError` or `ProgramError`, all of which end the program with status 5.
  func detector(named name: String?) throws -> ModelFile {
    if let name {
      let file = try ModelFile(path: try directory.find(name))
      guard file.description.architecture.isDetector else {
        throw ProgramError(
          .model, name, "it is a classifier and finds no boxes",
          remedy: "Use it with 'stream-detect classify', or name a detector")
      }
      return file
    }
    return try only("detector") { $0.isDetector }
  }

  /// The classifier that `name` names; without a name the one of the model folder.
  ///
  /// - Throws: `ModelFileError` or `ProgramError`, all of which end the program with status 5.
  func classifier(named name: String?) throws -> ModelFile {
    if let name {
      let file = try ModelFile(path: try directory.find(name))
      guard !file.description.architecture.isDetector else {
        throw ProgramError(
          .model, name, "it is a detector and does not classify whole images",
          remedy: "Use it with 'stream-detect detect', or name a classifier")
      }
      return file
    }
    return try only("classifier") { !$0.isDetector }
  }

  private func only(
    _ kind: String, where isWanted: (ModelArchitecture) -> Bool
  ) throws -> ModelFile {
    let found = usable().filter { isWanted($0.file.description.architecture) }
    if found.count == 1 { return found[0].file }
    if let chosen = found.first(where: { $0.name == "default" }) { return chosen.file }
    guard found.isEmpty else {
      throw ProgramError(
        .model, directory.path, "it holds several \(kind)s and none is called 'default'",
        remedy: "Choose with --model: \(found.map(\.name).joined(separator: ", "))")
    }
    let architecture = kind == "detector" ? "ssdlite_mobilenet_v2" : "mobilenet_v2"
    throw ProgramError(
      .model, directory.path, "there is no \(kind) in the model folder",
      remedy: "Get one with 'stream-detect models import WEIGHTS --architecture \(architecture) "
        + "-o \(directory.path)/default.safetensors', or name a model file with --model")
  }

  /// The models of the folder that can be opened; the others are named in the log.
  func usable() -> [(name: String, file: ModelFile)] {
    directory.list().compactMap { entry in
      do {
        return (entry.name, try ModelFile(path: entry.path))
      } catch {
        logger.warning("\(error)")
        return nil
      }
    }
  }
}
