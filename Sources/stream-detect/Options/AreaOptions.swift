internal import ArgumentParser
internal import StreamDetect
internal import Support

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

/// `0.1,0.5 0.9,0.5 0.9,1`, or pixels with `px` at the end; or a rectangle, `0.1,0.5,0.8,0.5`.
struct AreaArgument: ExpressibleByArgument {
  let text: String
  private let numbers: [[Double?]]
  private let isInPixels: Bool

  init?(argument: String) {
    text = argument
    var words = argument.split { $0 == " " || $0 == "\t" || $0 == "\n" }
    isInPixels = words.last == "px"
    if isInPixels { words.removeLast() }
    numbers = words.map { word in
      word.split(separator: ",", omittingEmptySubsequences: false).map { Self.number($0) }
    }
  }

  /// A finite decimal number.
  private static func number(_ text: Substring) -> Double? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || ".eE+-".utf8.contains($0) }),
      let number = Double(text), number.isFinite
    else { return nil }
    return number
  }

  /// What is wrong with it, and what to do.
  func fault(isRectangleAllowed: Bool) -> String? {
    let isRectangle = numbers.count == 1 && numbers[0].count == 4
    if numbers.contains(where: { $0.contains(nil) })
      || !(isRectangle || numbers.allSatisfy { $0.count == 2 }) || numbers.isEmpty
    {
      return isRectangleAllowed
        ? "it takes left,top,width,height, or corners 'x,y x,y x,y', and px at the end for pixels."
        : "it takes corners 'x,y x,y x,y', and px at the end for pixels."
    }
    if isRectangle && !isRectangleAllowed {
      return "it takes at least three corners: 'x,y x,y x,y'."
    }
    if isRectangle { return nil }
    return numbers.count < 3 ? "it has \(numbers.count) corners and needs at least three." : nil
  }

  /// The area in the library's terms; checked by `fault`.
  var area: PictureArea {
    let values = numbers.map { $0.map { $0 ?? 0 } }
    if let only = values.first, values.count == 1, only.count == 4 {
      var area = PictureArea(
        RelativeRectangle(x: only[0], y: only[1], width: only[2], height: only[3]))
      area.isInPixels = isInPixels
      return area
    }
    return PictureArea(
      corners: values.map { PictureArea.Corner(x: $0[0], y: $0[1]) }, isInPixels: isInPixels)
  }
}
