public import Geometry

/// What images really show, as people marked it.
public struct TruthSet: Sendable {
  /// A kind of object.
  public struct Category: Hashable, Sendable {
    /// The number or name by which a results file means it.
    public var id: EntryID
    /// What it is called; no two of a set are called the same.
    public var name: String

    /// Creates a category.
    public init(id: EntryID, name: String) {
      self.id = id
      self.name = name
    }
  }

  /// In which form the truth is written.
  public enum Form: String, Sendable {
    /// One JSON file in the form of COCO's `instances.json`.
    case coco
    /// A folder of XML files in the form of Pascal VOC.
    case voc
    /// A folder of text files in the form of YOLO.
    case yolo
  }

  /// In which form it was written.
  public var form: Form
  /// All kinds of objects that were marked, also those without any object.
  public var categories: [Category]
  /// The images by rising id.
  public var images: [Image]
  /// What the reader of the results should know about the file, a sentence each.
  public var notes: [String]

  /// Creates a truth of its parts.
  public init(form: Form, categories: [Category], images: [Image], notes: [String] = []) {
    self.form = form
    self.categories = categories
    self.images = images
    self.notes = notes
  }
}

extension TruthSet {
  /// An image and what it shows.
  public struct Image: Sendable {
    /// The number or name by which a results file means it.
    public var id: EntryID
    /// The name of its file, with folders where the truth has them.
    public var name: String
    /// Pixels in a line, where the truth says so.
    public var width: Int?
    /// Lines, where the truth says so.
    public var height: Int?
    /// What it shows, in the order of the file.
    public var boxes: [Box]
    /// Whether boxes and areas are in fractions of the image instead of pixels.
    public var isRelative = false

    /// Creates an image.
    public init(id: EntryID, name: String, width: Int?, height: Int?, boxes: [Box]) {
      self.id = id
      self.name = name
      self.width = width
      self.height = height
      self.boxes = boxes
    }
  }

  /// An object in an image.
  public struct Box: Sendable {
    /// Position in the set's list of categories.
    public var category: Int
    /// Where it is.
    public var box: PixelBox
    /// Its area in square pixels: of the outline where the truth has one, else of the box.
    public var area: Double
    /// Whether it marks a group of objects that were not marked one by one.
    public var isCrowd = false
    /// Whether finding it counts neither for nor against the detector.
    public var isIgnored = false
    /// Whether the truth numbers it zero, which pycocotools takes for "no match".
    public var hasIDZero = false

    /// Creates an object.
    public init(category: Int, box: PixelBox, area: Double) {
      self.category = category
      self.box = box
      self.area = area
    }
  }
}

/// An id in a file: numbers as a rule, text in some files.
public enum EntryID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// A whole number.
  case number(Int)
  /// Any text.
  case text(String)

  /// The number or text.
  public var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .text(let text): text
    }
  }

  /// Numbers by size before texts by their Unicode scalars, as Python sorts either.
  public static func < (a: EntryID, b: EntryID) -> Bool {
    switch (a, b) {
    case (.number(let a), .number(let b)): a < b
    case (.text(let a), .text(let b)):
      a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
    case (.number, .text): true
    case (.text, .number): false
    }
  }
}

extension EntryID: Decodable {
  /// Reads a whole number, or a text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "An id is neither a whole number nor a text.")
    }
  }
}
