internal import Geometry

/// The pixels of a network's input that masks cover, row by row.
///
/// Scaling mixes neighbouring pixels, so a pixel is covered if anything below a mask is mixed into
/// it.
struct MaskRows {
  /// What decides about the covered pixels.
  struct Key: Hashable {
    /// The part of the frame that fills the input.
    var region: PixelRegion
    /// The size of the frame.
    var width: Int
    var height: Int
    /// The size of the input.
    var outputWidth: Int
    var outputHeight: Int
    /// How many pixels of the frame share a chroma sample along both axes.
    var columnStep: Int
    var rowStep: Int
  }

  /// The covered columns of each row; they may overlap.
  private(set) var spans: [(row: Int, columns: Range<Int>)] = []

  /// Finds the pixels that `masks`, corners in fractions of the frame, cover.
  init(_ masks: [[Point]], _ key: Key) {
    let x = Reach(key.region.x, key.region.width, key.outputWidth, step: key.columnStep)
    let y = Reach(key.region.y, key.region.height, key.outputHeight, step: key.rowStep)
    for mask in masks {
      let corners = mask.map {
        Point(x: $0.x * Double(key.width), y: $0.y * Double(key.height))
      }
      let polygon = Polygon(corners)
      for row in 0..<key.outputHeight {
        let centre = y.centre(of: row)
        for span in polygon.spans(from: centre - y.reach, to: centre + y.reach) {
          let columns = x.outputs(from: span.lowerBound, to: span.upperBound)
          if !columns.isEmpty { spans.append((row, columns)) }
        }
      }
    }
  }

  /// What is mixed into an output pixel along one axis.
  private struct Reach {
    /// Where the first output begins, in pixels of the frame.
    let start: Double
    /// Inputs for each output.
    let scale: Double
    let outputs: Int
    /// How far from an output's centre its inputs may be.
    let reach: Double

    init(_ start: Int, _ inputs: Int, _ outputs: Int, step: Int) {
      self.start = Double(start)
      self.outputs = outputs
      scale = Double(inputs) / Double(outputs)
      // A triangle that is two outputs wide, or two inputs; two chroma samples more for the
      // positions and the rounding of all filters that may be used.
      reach = max(scale, Double(step)) + 2 * Double(step) + 1
    }

    func centre(of output: Int) -> Double { start + (Double(output) + 0.5) * scale }

    /// The outputs into which inputs are mixed that lie between two places of the frame.
    func outputs(from low: Double, to high: Double) -> Range<Int> {
      let first = ((low - reach - start) / scale - 0.5).rounded(.up)
      let last = ((high + reach - start) / scale - 0.5).rounded(.down)
      let begin = Int(min(max(first, 0), Double(outputs)))
      let end = Int(min(max(last + 1, 0), Double(outputs)))
      return begin..<max(begin, end)
    }
  }
}
