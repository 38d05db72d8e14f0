internal import Logging
internal import Evaluation
internal import Output
internal import Pictures
internal import Pipeline

/// Where the curves are drawn: a file that is SVG or PNG by its suffix.
struct PlotFile {
  let path: String

  /// Whether the suffix says how to draw.
  static func isKnown(_ path: String) -> Bool { isSVG(path) || path.lowercased().hasSuffix(".png") }

  private static func isSVG(_ path: String) -> Bool { path.lowercased().hasSuffix(".svg") }

  /// Draws `plot` and writes it.
  ///
  /// - Throws: `SinkError` where the file cannot be written.
  func write(_ plot: Plot, logger: Logger) throws {
    if Self.isSVG(path) {
      let file = try OutputFile(path)
      try file.write(Array(plot.svg().utf8))
      return try file.finish()
    }
    let font: Font?
    do {
      font = try Font.system()
    } catch {
      logger.warning("the plot has no words: \(error)")
      font = nil
    }
    do {
      try ImageFile.write(PlotPicture(plot: plot, font: font).drawn(), path: path)
    } catch {
      throw SinkError(.outputFailed, "\(error)")
    }
  }
}
