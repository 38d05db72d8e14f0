internal import Layers
internal import Models

/// The weights that Keras saves as HDF5: `model.save("x.h5")`, `save_weights` of Keras 2, and the
/// files of `keras.applications`.
enum KerasFile {
  static func read(_ file: MappedFile) throws(ModelFileError) -> ImportSource {
    let arrays: [String: HDF5Array]
    do {
      arrays = try HDF5File(file).arrays
    } catch {
      throw ModelFileError(
        error.isTooLarge ? .tooLarge : .damaged, path: file.path,
        message: "The HDF5 file can't be read: \(error.message)",
        remedy: "Save the model again with model.save(\"NAME.h5\"), or download it again.")
    }
    // Keras 3 names layers in its own files by their kind and number, not as the network does.
    guard !arrays.keys.contains(where: { $0.contains("/vars/") }) else {
      throw ModelFileError(
        .unsupportedFormat, path: file.path,
        message: "This file of Keras 3 doesn't have the layers' names.",
        remedy: "Save the model with model.save(\"NAME.h5\").")
    }
    var source = ImportSource(path: file.path, kind: "Keras", tensors: [:])
    for (name, array) in arrays { source.tensors[name] = tensor(name, array, file) }
    return source
  }

  private static func tensor(
    _ name: String, _ array: HDF5Array, _ file: MappedFile
  ) -> SourceTensor {
    SourceTensor(shape: array.shape, type: array.type) { () throws(ModelFileError) in
      guard let range = array.range else {
        throw ModelFileError(
          .unsupportedFormat, path: file.path,
          message: "The tensor \(name) is compressed or in pieces.",
          remedy: "Save the model with model.save(\"NAME.h5\"), without compression.")
      }
      return file.withBytes(in: range) { widen($0, from: array.type) }
    }
  }
}
