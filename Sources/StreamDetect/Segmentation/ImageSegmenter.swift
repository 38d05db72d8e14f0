internal import Layers
package import Media
internal import Models
package import Pictures
internal import SSDLite

/// Gives each pixel of an image a class.
///
/// Not `Sendable`: it has the memory for one image, and belongs to one thread at a time.
package final class ImageSegmenter {
  private let session: Session
  private let normalization: Normalization
  private let classes: Int
  private let scaler = Scaler()
  private let image: RGBImage

  /// Makes a segmenter with a network of the file that others may share.
  init(_ file: ModelFile, network: Network) {
    session = network.makeSession()
    normalization = file.description.normalization
    classes = file.description.architecture.classes
    let input = network.graph.input.shape
    image = RGBImage(width: input.width, height: input.height)
  }

  /// The class of each pixel of a frame as it is displayed.
  ///
  /// - Throws: `MediaError` if the frame's pixel format cannot be converted.
  package func segment(_ frame: VideoFrame) throws(MediaError) -> PixelClasses {
    try prepare(frame)
    run()
    return map(width: frame.width, height: frame.height)
  }

  /// Makes the network's input of a frame; after that the frame isn't needed.
  ///
  /// - Throws: `MediaError` if the frame's pixel format cannot be converted.
  func prepare(_ frame: VideoFrame) throws(MediaError) { try scaler.scale(frame, into: image) }

  /// Runs the network on the frame that was prepared last.
  func run() {
    image.withPixels { session.setInput(rgb: $0, normalization) }
    session.run()
  }

  /// The classes of the last run, for a picture of this size.
  func map(width: Int, height: Int) -> PixelClasses {
    // The head's map of stride 8.
    let columns = (image.width + 7) / 8
    return session.withOutput("output") { logits in
      PixelClasses(logits: logits, columns: columns, classes: classes, width: width, height: height)
    }
  }
}
