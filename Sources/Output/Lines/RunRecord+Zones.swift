public import Annotations
internal import Geometry
public import Tracking

extension RunRecord.Options.Place {
  /// The record of a zone.
  public init(_ zone: Zone) {
    self.init(
      name: zone.name, points: zone.points, isInPixels: zone.unit == .pixels,
      anchor: zone.anchor.rawValue, classes: zone.classes?.sorted(), loiter: zone.loiterTime)
  }

  /// The record of a line.
  public init(_ line: CountingLine) {
    self.init(
      name: line.name, points: line.points, isInPixels: line.unit == .pixels,
      anchor: line.anchor.rawValue, classes: line.classes?.sorted())
  }
}
