package import Evaluation
internal import Output
package import Pictures
package import Pipeline

/// File formats of plots.
package enum PlotFormat: String, Sendable, CaseIterable {
  case svg, png

  /// The format that the suffix of `path` names; `nil` for other suffixes.
  package init?(path: String) {
    let path = path.lowercased()
    guard let format = Self.allCases.first(where: { path.hasSuffix("." + $0.rawValue) }) else {
      return nil
    }
    self = format
  }
}

extension Plot {
  /// Saves the plot to `path`.
  ///
  /// PNG files have text only if there is a font; SVG files leave fonts to their viewer.
  ///
  /// - Throws: `SinkError` if the file cannot be written.
  package func save(to path: String, as format: PlotFormat, font: Font?) throws(SinkError) {
    switch format {
    case .svg:
      let file = try OutputFile(path)
      try file.write(Array(svg().utf8))
      try file.finish()
    case .png:
      do {
        try ImageFile.write(PlotPicture(plot: self, font: font).drawn(), path: path)
      } catch {
        throw SinkError(.outputFailed, "\(error)")
      }
    }
  }
}
