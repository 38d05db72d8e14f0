public import Foundation
package import Models

/// A model file: opened, checked, and not yet prepared for computing.
///
///     for model in try StoredModel.installed() {
///       print(model.info.name, model.info.classes.count, model.sha256)
///     }
///
/// Make a ``Detector`` or a ``Classifier`` of it, by its kind.
public struct StoredModel: Sendable {
  package let file: ModelFile
  /// What the model says about itself.
  public let info: ModelInfo

  package init(_ file: ModelFile) {
    self.file = file
    info = ModelInfo(file.description)
  }

  /// The detector that is part of the library: MobileNetV2 with SSDLite for the eighty classes of
  /// COCO, among them person, car, dog and bottle.
  ///
  /// - Throws: ``StreamDetectError/model(_:)`` if the library was built around a damaged file.
  public static func builtIn() throws(StreamDetectError) -> StoredModel {
    try modelErrors(of: ModelFile.builtInName) { StoredModel(try .builtIn()) }
  }

  /// Opens a model file and checks every name, shape and value in it.
  ///
  /// - Throws: ``StreamDetectError/model(_:)``, with the code `notFound` if there is no such file
  ///   and `notAModel` for weights that have to be imported first.
  public init(contentsOf url: URL) throws(StreamDetectError) {
    self = try modelErrors(of: url.path) { StoredModel(try ModelFile(path: url.path)) }
  }

  /// The folder where the user keeps model files.
  ///
  /// `$STREAM_DETECT_MODELS`, else `$XDG_DATA_HOME/stream-detect/models`, else
  /// `~/.local/share/stream-detect/models`. It need not exist.
  public static var folder: URL {
    URL(filePath: ModelDirectory().path, directoryHint: .isDirectory)
  }

  /// The models in the user's folder, sorted by file name; other files are left out.
  public static func installed() -> [StoredModel] {
    ModelDirectory().list().compactMap { try? StoredModel(ModelFile(path: $0.path)) }
  }

  /// Opens a model by its name in the user's folder, by its path, or as `built-in`.
  ///
  /// - Throws: ``StreamDetectError/model(_:)``; if there is none, the remedy lists the names.
  public static func named(_ name: String) throws(StreamDetectError) -> StoredModel {
    try modelErrors(of: name) { StoredModel(try ModelDirectory().open(name)) }
  }

  /// The path of the file; `built-in` for the model of the library.
  public var path: String { file.path }
  /// Size of the file in bytes.
  public var byteCount: Int { file.byteCount }
  /// The SHA-256 of the file, as 64 lower-case hexadecimal digits.
  ///
  /// - Complexity: O(n) in the size of the file.
  public var sha256: String { file.sha256() }
}
