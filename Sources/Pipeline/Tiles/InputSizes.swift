public import SSDLite

/// The input sizes at which frames are analysed.
///
/// At a larger size than a detector was trained for, small objects have a size that it knows, at
/// the price of a run with more pixels.
public struct InputSizes: Hashable, Sendable {
  /// The size that the model was trained for.
  public static let own = InputSizes(isAuto: false, sizes: [])
  /// The model's own size, and a larger one where it's worth its time.
  public static let auto = InputSizes(isAuto: true, sizes: [])

  /// Pixels that a side may have.
  public static let allowedSides = 32...4096
  /// The most sizes at once.
  public static let maximumSizes = 4

  /// Whether the sizes are chosen for each source.
  public let isAuto: Bool
  /// The sizes in the order given, each once; tiles are analysed at the first.
  public let sizes: [InputSize]

  private init(isAuto: Bool, sizes: [InputSize]) {
    self.isAuto = isAuto
    self.sizes = sizes
  }

  /// One or several sizes, or `nil` if a side or the number of sizes isn't allowed.
  public init?(sizes: [InputSize]) {
    var each: [InputSize] = []
    for size in sizes where !each.contains(size) { each.append(size) }
    guard (1...Self.maximumSizes).contains(each.count),
      each.allSatisfy({
        Self.allowedSides.contains($0.width) && Self.allowedSides.contains($0.height)
      })
    else { return nil }
    self.init(isAuto: false, sizes: each)
  }

  /// Reads `auto`, or sizes with commas between them, such as `300,512x288`; `nil` for anything
  /// else.
  public init?(_ text: String) {
    if text == "auto" {
      self = .auto
      return
    }
    var sizes: [InputSize] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = item.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(sides.count), let width = sides[0], let height = sides[sides.count - 1]
      else { return nil }
      sizes.append(InputSize(width: width, height: height))
    }
    self.init(sizes: sizes)
  }

  /// The sizes of the levels that a run needs for a model whose own size is `own`.
  public func levels(own: InputSize) -> [InputSize] {
    if isAuto { return [own, Self.larger(than: own)] }
    return sizes.isEmpty ? [own] : sizes
  }

  /// The larger size of `auto`: 512 for 300, which gained most (docs/sizes.md).
  static func larger(than own: InputSize) -> InputSize {
    func side(_ own: Int) -> Int {
      min(max((own * 512 / 300 + 16) / 32 * 32, own), allowedSides.upperBound)
    }
    return InputSize(width: side(own.width), height: side(own.height))
  }
}
