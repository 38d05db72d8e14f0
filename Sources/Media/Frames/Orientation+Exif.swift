extension Orientation {
  /// Reads the value of Exif's tag 274; `nil` if it isn't one of the eight.
  init?(exif value: Int) {
    switch value {
    case 1: self.init()
    case 2: self.init(flipsX: true)
    case 3: self.init(flipsX: true, flipsY: true)
    case 4: self.init(flipsY: true)
    case 5: self.init(swapsAxes: true)
    case 6: self.init(swapsAxes: true, flipsX: true)
    case 7: self.init(swapsAxes: true, flipsX: true, flipsY: true)
    case 8: self.init(swapsAxes: true, flipsY: true)
    default: return nil
    }
  }

  /// The displayed picture turned left, by a quarter, so many times.
  func turnedLeft(_ quarters: Int) -> Orientation {
    var turned = self
    for _ in 0..<(quarters & 3) {
      turned = Orientation(
        swapsAxes: !turned.swapsAxes, flipsX: turned.flipsY, flipsY: !turned.flipsX)
    }
    return turned
  }

  /// The displayed picture mirrored: left and right, or top and bottom, change places.
  func mirrored(leftAndRight: Bool) -> Orientation {
    var mirrored = self
    if leftAndRight {
      mirrored.flipsX.toggle()
    } else {
      mirrored.flipsY.toggle()
    }
    return mirrored
  }

  /// The display matrix that `init(matrix:)` reads as this orientation, in 16.16 numbers.
  var matrix: [Int32] {
    let x: Int32 = flipsX ? -65536 : 65536
    let y: Int32 = flipsY ? -65536 : 65536
    return swapsAxes
      ? [0, y, 0, x, 0, 0, 0, 0, 1 << 30] : [x, 0, 0, 0, y, 0, 0, 0, 1 << 30]
  }
}
