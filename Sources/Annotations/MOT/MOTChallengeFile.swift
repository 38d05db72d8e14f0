public import Geometry

/// Objects with numbers, as the MOTChallenge writes its truth.
///
/// A line is `frame,id,x,y,width,height,counts,class,visibility`; frames and classes count from 1.
/// What follows the height may be absent. Dendorfer et al. 2020, arXiv:2003.09003, section 5.
public struct MOTChallengeFile: Sendable {
  /// An object in a frame.
  public struct Row: Hashable, Sendable {
    /// The frame, from 1.
    public var frame: Int
    /// The number of the object.
    public var number: Int
    /// Where it is, in pixels.
    public var box: PixelBox
    /// Whether it counts; what doesn't is left out of an evaluation.
    public var counts = true
    /// The seventh number: the score of a detection, and 0 or 1 in a truth.
    public var score = 1.0
    /// Its class, from 1.
    public var classNumber = 1
    /// The share of it that can be seen, 0...1.
    public var visibility = 1.0

    /// Creates a row from its parts.
    public init(frame: Int, number: Int, box: PixelBox) {
      self.frame = frame
      self.number = number
      self.box = box
    }
  }

  /// The objects, in the order of the file.
  public var rows: [Row]

  /// The highest number that a frame may have: a file that names a later one is taken for damaged.
  static let lastFrame = 100_000_000

  /// Reads a file such as `gt.txt`.
  ///
  /// - Throws: `AnnotationError` that names the line.
  public init(path: String) throws(AnnotationError) {
    try self.init(TextFile.text(path), path: path)
  }

  /// Reads `text`, the contents of `path`.
  package init(_ text: String, path: String) throws(AnnotationError) {
    rows = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.trimmingWhitespace
      if line.isEmpty { continue }
      guard let row = Row(line) else {
        throw AnnotationError(
          path: "\(path):\(index + 1)",
          message: "The line isn't 'frame,id,x,y,width,height,counts,class,visibility'.",
          remedy: "Give a MOTChallenge gt.txt.")
      }
      rows.append(row)
    }
  }
}

extension MOTChallengeFile.Row {
  fileprivate init?(_ line: String) {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0.trimmingWhitespace) }
    guard fields.count >= 6 else { return nil }
    let numbers = fields.prefix(9).compactMap { $0 }
    guard numbers.count == min(fields.count, 9), let frame = Int(exactly: numbers[0]),
      let number = Int(exactly: numbers[1]), (1...MOTChallengeFile.lastFrame).contains(frame),
      let box = PixelBox(Array(numbers[2..<6]))
    else { return nil }
    self.init(frame: frame, number: number, box: box)
    if numbers.count > 6 { (counts, score) = (numbers[6] != 0, numbers[6]) }
    if numbers.count > 7 {
      guard let classNumber = Int(exactly: numbers[7]) else { return nil }
      self.classNumber = classNumber
    }
    if numbers.count > 8 {
      guard (0...1).contains(numbers[8]) || numbers[8] == -1 else { return nil }
      visibility = numbers[8] < 0 ? 1 : numbers[8]
    }
  }
}
