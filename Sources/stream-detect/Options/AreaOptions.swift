internal import ArgumentParser
internal import Configuration
internal import Geometry
internal import StreamDetect
internal import Support
internal import Tracking

/// Which parts of the frames are hidden from the network, and which are analysed at full detail.
struct AreaOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Hide a part of the frame from the network, which sees grey there: its corners in fractions "
        + "of the frame, or in pixels with 'px' at the end; can be repeated.",
      valueName: "x,y x,y x,y …"))
  var mask: [AreaArgument] = []

  @Option(
    help: ArgumentHelp(
      "Analyse a part of the frame at full detail, besides the whole frame, in tiles as large as "
        + "the network's input: left, top, width and height, or corners, of which the rectangle "
        + "around them counts; can be repeated.", valueName: "x,y,w,h"))
  var roi: [AreaArgument] = []

  func validate() throws {
    for (name, areas) in [("--mask", mask), ("--roi", roi)] {
      for area in areas {
        guard let fault = area.fault(isRectangleAllowed: name == "--roi") else { continue }
        throw ValidationError("\(name) is '\(printable(area.text))'; \(fault)")
      }
    }
  }
}

/// An area, checked by `fault`.
struct AreaArgument: ExpressibleByArgument {
  let text: String
  private let found: AreaText?

  init?(argument: String) {
    text = argument
    found = AreaText(argument)
  }

  /// What is wrong with it, and what to do.
  func fault(isRectangleAllowed: Bool) -> String? {
    guard let found, !found.corners.isEmpty else {
      return isRectangleAllowed
        ? "it takes left,top,width,height, or corners 'x,y x,y x,y', and px at the end for pixels."
        : "it takes corners 'x,y x,y x,y', and px at the end for pixels."
    }
    if found.isRectangle, !isRectangleAllowed {
      return "it takes at least three corners: 'x,y x,y x,y'."
    }
    do throws(ZoneError) { try found.check() } catch {
      return "\(error.message.prefix(1).lowercased())\(error.message.dropFirst()) \(error.remedy)"
    }
    return nil
  }

  /// The area in the library's terms, of one without a fault.
  var area: PictureArea? { found.map { PictureArea($0) } }
}

extension PictureArea {
  /// The area that a text describes.
  init(_ text: AreaText) {
    self.init(
      corners: text.corners.map { Corner(x: $0.x, y: $0.y) }, isInPixels: text.unit == .pixels)
  }
}
