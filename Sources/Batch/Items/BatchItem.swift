package import Pipeline
internal import Support

/// One source of a batch, with what its results depend on besides the model.
package struct BatchItem: Sendable {
  /// The options that decide about the results of a source, as JSON in a fixed form.
  package struct Options: Hashable, Sendable {
    /// The JSON object.
    package let json: String
    /// Its SHA-256 in hexadecimal digits.
    package let hash: String

    /// Takes options that were written with keys in a fixed order.
    package init(json: String) {
      self.json = json
      hash = RunningHash.digits(of: json)
    }

    /// Takes options of which only the hash is known.
    package init(hash: String) {
      json = "{}"
      self.hash = hash
    }
  }

  /// The source; its name is the id.
  package var source: MediaSource
  /// Where its results are in the output folder: a relative path without their suffixes.
  package var place: String
  /// The options that decide about its results.
  package var options: Options

  /// Makes an item from its parts.
  package init(source: MediaSource, place: String, options: Options) {
    self.source = source
    self.place = place
    self.options = options
  }

  /// The name of the source in its results.
  package var id: String { source.name }
}
