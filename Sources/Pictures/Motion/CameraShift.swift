/// Tells from pictures in a row how the camera moves them.
///
/// Blocks of a reference picture are searched for in each picture. Where most of them are found at
/// one shift, that is the camera's; blocks on objects that move are outvoted. As long as a good
/// part of them stays where it was, the camera has not moved, however much else does. The reference
/// is kept while enough of it can be seen, so that errors don't add up.
///
/// Whole numbers decide, so the same pictures give the same shifts on any machine.
public struct CameraShift: Sendable {
  /// A shift in fractions of the picture's width and height.
  public struct Shift: Hashable, Sendable {
    /// To the right.
    public var x: Double
    /// Downwards.
    public var y: Double
  }

  /// How far around the expected place a block is searched.
  private static let reach = 3
  /// How often the search goes on around the best place, if that is at the edge.
  private static let mostSteps = 6
  /// The fewest blocks that tell anything.
  private static let fewestBlocks = 6
  /// The share of the blocks that has to agree on a shift.
  private static let agreement = 0.4
  /// The share of the blocks that shows that the camera stands, though others moved.
  private static let stillness = 0.25
  /// The share of the blocks that it takes to tell shifts of less than a pixel.
  private static let precision = 0.6
  /// Shifts in pixels that are taken for none.
  private static let leastShift = 0.2
  /// The share of a side beyond which another reference is taken.
  private static let farthest = 0.15
  /// The most pictures that one reference is kept for: the light changes.
  private static let oldest = 100

  private var reference: LumaImage?
  private var blocks: [LumaBlock] = []
  private var age = 0
  /// Where the present picture shows the reference, in pixels.
  private var place = (x: 0.0, y: 0.0)
  /// How far it moved with the last picture.
  private var step = (x: 0.0, y: 0.0)

  /// Creates an estimator that has seen nothing yet.
  public init() {}

  /// How the camera moved the picture since the last one; `nil` if it can't be told.
  public mutating func update(_ image: LumaImage) -> Shift? {
    guard let reference, reference.width == image.width, reference.height == image.height else {
      begin(image)
      return nil
    }
    age += 1
    guard let found = locate(in: image, reference) else {
      begin(image)
      return nil
    }
    let moved = (x: found.place.x - place.x, y: found.place.y - place.y)
    place = found.place
    step = moved
    let (width, height) = (Double(image.width), Double(image.height))
    if !found.isCertain || age >= Self.oldest || abs(place.x) > Self.farthest * width
      || abs(place.y) > Self.farthest * height
    {
      let step = step
      begin(image)
      self.step = step
    }
    return Shift(x: moved.x / width, y: moved.y / height)
  }

  /// Takes a picture for the reference.
  private mutating func begin(_ image: LumaImage) {
    reference = image
    blocks = LumaBlock.blocks(of: image)
    age = 0
    place = (0, 0)
    step = (0, 0)
  }

  private func locate(
    in image: LumaImage, _ reference: LumaImage
  ) -> (place: (x: Double, y: Double), isCertain: Bool)? {
    guard blocks.count >= Self.fewestBlocks else { return nil }
    let here = (x: Int(place.x.rounded()), y: Int(place.y.rounded()))
    var search = BlockSearch(reference, image, blocks, reach: Self.reach)
    // Where it was comes first: a camera that stands is the most frequent case.
    search.run(around: here)
    var best = search.mode
    let still = search.share(exactlyAt: here)
    if best.shift == here ? best.share < Self.precision : still >= Self.stillness {
      return still >= Self.stillness ? (place, best.share >= Self.agreement) : nil
    }
    if best.share < Self.agreement {
      let expected = (
        x: Int((place.x + step.x).rounded()), y: Int((place.y + step.y).rounded())
      )
      search.run(around: expected)
      best = search.mode
    }
    for _ in 0..<Self.mostSteps where search.isAtEdge(best.shift) {
      search.run(around: best.shift)
      best = search.mode
    }
    guard best.share >= Self.agreement, search.usableCount >= Self.fewestBlocks else { return nil }
    var found = search.refined(best.shift)
    if abs(found.x) < Self.leastShift && abs(found.y) < Self.leastShift { found = (0, 0) }
    if abs(found.x - place.x) < Self.leastShift && abs(found.y - place.y) < Self.leastShift {
      found = place
    }
    return (found, true)
  }
}
