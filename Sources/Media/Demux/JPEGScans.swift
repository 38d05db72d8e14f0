/// Finds progressive JPEG pictures without some of their scans.
///
/// A decoder takes any number of scans for a whole picture, only a coarser one.
struct JPEGScans {
  /// The lowest bit that has been sent of each coefficient of a component; `nil` if none was.
  private var precision: [UInt8: [UInt8?]] = [:]

  /// ITU-T T.81, annex G: what is missing, in words; `nil` for pictures with one scan.
  static func shortfall(of file: some ByteSource) -> String? {
    var scans = JPEGScans()
    var markers = JPEGMarkers(file)
    var offset = 2
    while let marker = markers.next(from: offset) {
      switch marker.code {
      case 0xD9: return scans.isWhole ? nil : "some of the picture's scans are missing"
      case 0xC2: scans.begin(file.bytes(at: marker.end, count: 1024))
      case 0xC0, 0xC1, 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: return nil
      case 0xDA: scans.add(file.bytes(at: marker.end, count: 32))
      default: break
      }
      guard let length = file.integer(at: marker.end, count: 2) else { return nil }
      offset = marker.end + length
    }
    return nil
  }

  /// Takes the components from a frame's header.
  private mutating func begin(_ header: [UInt8]) {
    guard header.count > 7 else { return }
    for index in 0..<Int(header[7]) where 8 + 3 * index < header.count {
      precision[header[8 + 3 * index]] = [UInt8?](repeating: nil, count: 64)
    }
  }

  /// Notes what a scan's header says that it holds.
  private mutating func add(_ header: [UInt8]) {
    guard header.count > 2 else { return }
    let count = Int(header[2])
    let end = 3 + 2 * count
    guard count <= 4, end + 2 < header.count else { return }
    let (first, last) = (Int(header[end]), Int(header[end + 1]))
    guard first <= last, last < 64 else { return }
    for index in 0..<count {
      for coefficient in first...last {
        precision[header[3 + 2 * index]]?[coefficient] = header[end + 2] & 15
      }
    }
  }

  private var isWhole: Bool { precision.values.allSatisfy { $0.allSatisfy { $0 == 0 } } }
}
