internal import CDefaultModel
internal import Layers

extension ModelFile {
  /// The name by which `ModelDirectory.open(_:)` finds the model that is part of the program.
  public static let builtInName = "built-in"

  /// The detector that is part of the program: MobileNetV2-SSDLite for Pascal VOC's twenty classes.
  ///
  /// docs/model-card.md says how it was made and how good it is.
  ///
  /// - Throws: ``ModelFileError`` where the program was built around a damaged file.
  public static func builtIn() throws(ModelFileError) -> ModelFile {
    let bytes = unsafe UnsafeRawBufferPointer(
      start: sd_default_model_bytes(), count: sd_default_model_size())
    return try ModelFile(
      converting { () throws(SafetensorsError) in
        try SafetensorsFile(unsafe MappedFile(constant: bytes, name: builtInName))
      })
  }
}
