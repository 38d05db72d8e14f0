internal import Logging
internal import Media
internal import Models

/// Finds the model that a command uses.
struct ModelResolution {
  var directory = ModelDirectory()
  var logger: Logger

  /// The detector called `name`; without a name the built-in one.
  ///
  /// - Throws: `ModelFileError` or `ProgramError`, all of which end the program with status 5.
  func detector(named name: String?) throws -> ModelFile {
    if let name {
      let file = try directory.open(name)
      let architecture = file.description.architecture
      guard architecture.isDetector else {
        let kind = architecture.isSegmenter ? "segmenter" : "classifier"
        throw ProgramError(
          .model, name, "it is a \(kind) and cannot detect objects",
          remedy: "Use it with 'stream-detect \(architecture.isSegmenter ? "segment" : "classify")'"
            + ", or name a detector")
      }
      return file
    }
    return try .builtIn()
  }

  /// The classifier called `name`; without a name the only one in the model folder, or the one
  /// called `default`.
  ///
  /// - Throws: `ModelFileError` or `ProgramError`, all of which end the program with status 5.
  func classifier(named name: String?) throws -> ModelFile {
    if let name {
      let file = try directory.open(name)
      let architecture = file.description.architecture
      guard architecture.isClassifier else {
        let kind = architecture.isDetector ? "detector" : "segmenter"
        throw ProgramError(
          .model, name, "it is a \(kind) and cannot classify whole images",
          remedy: "Use it with 'stream-detect \(architecture.isDetector ? "detect" : "segment")', "
            + "or name a classifier")
      }
      return file
    }
    let found = usable().filter { $0.file.description.architecture.isClassifier }
    if found.count == 1 { return found[0].file }
    if let chosen = found.first(where: { $0.name == "default" }) { return chosen.file }
    guard found.isEmpty else {
      throw ProgramError(
        .model, directory.path, "it holds several classifiers and none is called 'default'",
        remedy: "Choose with --model: \(found.map(\.name).joined(separator: ", "))")
    }
    throw ProgramError(
      .model, directory.path, "there is no classifier in the model folder",
      remedy: "Get one with 'stream-detect models pull mobilenet_v2', import weights with "
        + "'stream-detect models import WEIGHTS -o \(directory.path)/default.safetensors', or name "
        + "a model file with --model")
  }

  /// The segmenter called `name`; without a name the only one in the model folder.
  ///
  /// - Throws: `ModelFileError` or `ProgramError`, all of which end the program with status 5.
  func segmenter(named name: String?) throws -> ModelFile {
    if let name {
      let file = try directory.open(name)
      guard file.description.architecture.isSegmenter else {
        throw ProgramError(
          .model, name, "it gives pixels no classes",
          remedy: "Name a segmenter, such as lraspp_mobilenet_v3_large")
      }
      return file
    }
    let found = usable().filter { $0.file.description.architecture.isSegmenter }
    if found.count == 1 { return found[0].file }
    throw ProgramError(
      .model, directory.path,
      found.isEmpty
        ? "there is no segmenter in the model folder" : "it holds several segmenters",
      remedy: found.isEmpty
        ? "Get one with 'stream-detect models pull lraspp_mobilenet_v3_large'"
        : "Choose with --model: \(found.map(\.name).joined(separator: ", "))")
  }

  /// The models of the folder that can be opened; the others are logged.
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
