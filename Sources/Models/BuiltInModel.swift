internal import CDefaultModel
internal import Layers

extension ModelFile {
  /// The name under which `ModelDirectory.open(_:)` finds the built-in model.
  public static let builtInName = "built-in"

  /// The built-in detector: MobileNetV2-SSDLite for COCO's eighty classes.
  ///
  /// docs/model-card.md says how it was made and how good it is.
  ///
  /// - Throws: ``ModelFileError`` if the program was built with a damaged file.
  public static func builtIn() throws(ModelFileError) -> ModelFile {
    let bytes = unsafe UnsafeRawBufferPointer(
      start: sd_default_model_bytes(), count: sd_default_model_size())
    return try ModelFile(
      converting { () throws(SafetensorsError) in
        try SafetensorsFile(unsafe MappedFile(constant: bytes, name: builtInName))
      })
  }
}
