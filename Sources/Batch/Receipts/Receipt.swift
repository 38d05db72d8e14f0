package import Annotations
package import Foundation

/// What was done with one source, from which input, with what, and what came out of it.
///
/// It is published after all that it names, so a source with a receipt is finished.
package struct Receipt: Hashable, Sendable {
  /// How a source that has a receipt ended; what was stopped, or may succeed later, has none.
  package enum Status: String, CaseIterable, Hashable, Sendable {
    /// All of it was analysed, or all that was asked for.
    case complete
    /// It breaks off after at least one frame.
    case truncated
    /// Parts that it declares are missing.
    case gaps
    /// Nothing of it could be analysed; it has no other output.
    case failed
  }

  /// The model that was used.
  package struct Model: Hashable, Sendable {
    /// Its name, which may be that of another model as well.
    package var name: String
    /// SHA-256 of its file in hexadecimal digits.
    package var sha256: String

    /// Makes a description from its parts.
    package init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// A file that was written, or a folder of pictures.
  package struct Output: Hashable, Sendable {
    /// What is in it.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
      /// JSON lines.
      case lines
      /// An annotated video.
      case video
      /// A folder of objects that were cut out.
      case crops
      /// A folder with the best picture of each track.
      case snapshots
    }

    /// What is in it.
    package var kind: Kind
    /// Of lines relative to the output folder, otherwise as the options say.
    package var path: String
    /// The bytes of the file, or of all files in the folder.
    package var bytes: Int
    /// The number of files in the folder; `nil` for a file.
    package var files: Int?
    /// SHA-256 of the file in hexadecimal digits; `nil` for a folder.
    package var sha256: String?

    /// Makes a description from its parts.
    package init(kind: Kind, path: String, bytes: Int, files: Int? = nil, sha256: String? = nil) {
      self.kind = kind
      self.path = path
      self.bytes = bytes
      self.files = files
      self.sha256 = sha256
    }
  }

  /// The id of the source.
  package var source: String
  /// Where it was read from, without secrets.
  package var uri: String
  /// The version of its file; `nil` for what is no file or was missing.
  package var input: InputState?
  /// The model that was used.
  package var model: Model
  /// The options that decide about the results.
  package var options: BatchItem.Options
  /// The version of the program; another one is no reason to do the source again.
  package var tool: String
  /// The id of the run in the results.
  package var runID: String
  /// When it ended.
  package var finished: Date
  /// Seconds from opening it to its end.
  package var elapsed: Double
  /// How it ended.
  package var status: Status
  /// Why it isn't complete: a stable word, a colon and a sentence.
  package var reason: String?
  /// What became of its frames.
  package var frames: EndRecord.Frames
  /// Objects in all frames by their labels.
  package var objects: [String: Int]
  /// What was written, in the order in which it was published.
  package var outputs: [Output]

  /// Makes a receipt from its parts.
  package init(
    source: String, uri: String, input: InputState?, model: Model, options: BatchItem.Options,
    tool: String, runID: String, finished: Date, elapsed: Double, status: Status, reason: String?,
    frames: EndRecord.Frames, objects: [String: Int], outputs: [Output]
  ) {
    self.source = source
    self.uri = uri
    self.input = input
    self.model = model
    self.options = options
    self.tool = tool
    self.runID = runID
    self.finished = finished
    self.elapsed = elapsed
    self.status = status
    self.reason = reason
    self.frames = frames
    self.objects = objects
    self.outputs = outputs
  }
}
