/// Finds the units at the beginning of a picture of H.264 or HEVC, up to its first slice.
struct NetworkUnits {
  /// How many bytes give the length of a unit; `nil` if start codes separate them.
  let lengthSize: Int?

  /// So many bytes are searched for the first slice: usually, and at most.
  private static let reaches = [512, 1 << 14]

  /// The bytes of each unit up to the first slice, of which the end may be missing.
  ///
  /// `nil` if there is no slice. `isSlice` gets the first byte of a unit.
  func units(
    of packet: some ByteSource, isSlice: (UInt8) -> Bool
  ) -> [ArraySlice<UInt8>]? {
    for reach in Self.reaches {
      let bytes = packet.bytes(at: 0, count: reach)
      if let units = lengthSize.map({ units(in: bytes, lengthSize: $0, isSlice) })
        ?? units(in: bytes, isSlice)
      {
        return units
      }
      if bytes.count == packet.size { return nil }
    }
    return nil
  }

  private func units(
    in bytes: [UInt8], lengthSize: Int, _ isSlice: (UInt8) -> Bool
  ) -> [ArraySlice<UInt8>]? {
    var units: [ArraySlice<UInt8>] = []
    var place = 0
    while let length = bytes.integer(at: place, count: lengthSize), length > 0 {
      let start = place + lengthSize
      guard start < bytes.count else { return nil }
      let end = start + min(length, bytes.count - start)
      units.append(bytes[start..<end])
      if isSlice(bytes[start]) { return units }
      place = start + length
    }
    return nil
  }

  /// ITU-T H.264, annex B.
  private func units(
    in bytes: [UInt8], _ isSlice: (UInt8) -> Bool
  ) -> [ArraySlice<UInt8>]? {
    let code: [UInt8] = [0, 0, 1]
    var units: [ArraySlice<UInt8>] = []
    var start = bytes[...].firstPlace(of: code).map { $0 + code.count }
    while let place = start, place < bytes.count {
      let next = bytes[place...].firstPlace(of: code)
      units.append(bytes[place..<(next ?? bytes.count)])
      if isSlice(bytes[place]) { return units }
      start = next.map { $0 + code.count }
    }
    return nil
  }
}
