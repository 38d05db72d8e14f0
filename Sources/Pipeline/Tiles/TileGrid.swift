/// The tiles that frames are analysed in, besides the whole frame.
///
/// A detector shrinks the frame to its input size, and small objects vanish. In a tile they are
/// larger, at the price of one more run of the network for each tile (Ozge Unel et al. 2019, "The
/// Power of Tiling for Small Object Detection", CVPR workshops; Akyon et al. 2022,
/// arXiv:2202.06934).
public struct TileGrid: Hashable, Sendable {
  /// No tiles: the whole frame only.
  public static let none = TileGrid(isAuto: false, sides: [])
  /// Whatever fits the size of a source's frames and, for live sources, the time between them.
  public static let auto = TileGrid(isAuto: true, sides: [])

  /// Tiles in a row that a grid may have; 1 is the whole frame.
  public static let allowedSides = 1...8
  /// The most grids at once.
  public static let maximumGrids = 3

  /// Whether the grids are chosen for each source.
  public let isAuto: Bool
  /// The tiles in a row, and in a column, of each grid, rising; 1 is left out.
  public let sides: [Int]

  private init(isAuto: Bool, sides: [Int]) {
    self.isAuto = isAuto
    self.sides = sides
  }

  /// Grids of so many tiles in a row, or `nil` if a number or the count of grids isn't allowed.
  public init?(sides: [Int]) {
    guard sides.allSatisfy(Self.allowedSides.contains) else { return nil }
    let grids = Set(sides).subtracting([1])
    guard grids.count <= Self.maximumGrids else { return nil }
    self.init(isAuto: false, sides: grids.sorted())
  }

  /// Reads `none`, `auto`, or numbers with commas between them; `nil` for anything else.
  public init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "auto": self = .auto
    default:
      var sides: [Int] = []
      for item in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let side = Int(item) else { return nil }
        sides.append(side)
      }
      self.init(sides: sides)
    }
  }
}
