public import Geometry

/// What the images of a data set show, as people marked it.
public struct AnnotationSet: Sendable {
  /// A class of objects.
  public struct Category: Hashable, Sendable {
    /// The number or name that refers to it in files of results.
    public var id: EntryID
    /// Its name; unique in a set.
    public var name: String

    /// Creates a category.
    public init(id: EntryID, name: String) {
      self.id = id
      self.name = name
    }
  }

  /// A file format.
  public enum Form: String, Sendable {
    /// One JSON file like COCO's `instances.json`.
    case coco
    /// A folder of XML files like Pascal VOC's.
    case voc
    /// A folder of YOLO text files.
    case yolo
  }

  /// The format it was read from.
  public var form: Form
  /// All classes of the data set, including those without objects.
  public var categories: [Category]
  /// The images, sorted by id.
  public var images: [Image]
  /// What a user should know about the file, one sentence each.
  public var notes: [String]

  /// Creates a set from its parts.
  public init(form: Form, categories: [Category], images: [Image], notes: [String] = []) {
    self.form = form
    self.categories = categories
    self.images = images
    self.notes = notes
  }
}

extension AnnotationSet {
  /// An image and the objects in it.
  public struct Image: Sendable {
    /// The number or name that refers to it in files of results.
    public var id: EntryID
    /// Its file name, with folders if the data set has them.
    public var name: String
    /// Width in pixels, if the data set states it.
    public var width: Int?
    /// Height in pixels, if the data set states it.
    public var height: Int?
    /// The objects, in the order of the file.
    public var boxes: [Box]
    /// Whether boxes and areas are fractions of the image rather than pixels.
    public var isRelative = false
    /// The source and the number of the frame, from 0, that it shows, if the data set says so.
    public var frame: (source: String, index: Int)?
    /// Seconds from the first frame of the source, if the data set says so.
    public var seconds: Double?

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
    /// The annotation's own id, if it has one.
    public var id: EntryID?
    /// Index into the set's categories.
    public var category: Int
    /// Where the object is.
    public var box: PixelBox
    /// Area in square pixels: that of the outline if the file gives it, else that of the box.
    public var area: Double
    /// Whether the box covers a crowd of objects that were not marked individually.
    public var isCrowd = false
    /// Whether the object is left out of an evaluation: a match counts neither for nor against.
    public var isIgnored = false
    /// How sure a detector was, if the data set says so.
    public var score: Double?
    /// The number of its track, if the data set says so.
    public var trackID: Int?

    /// Creates an object.
    public init(id: EntryID? = nil, category: Int, box: PixelBox, area: Double) {
      self.id = id
      self.category = category
      self.box = box
      self.area = area
    }
  }
}
