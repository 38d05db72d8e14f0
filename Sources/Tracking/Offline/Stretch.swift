/// The part of a path that is smoothed together.
struct Stretch: Sendable {
  private(set) var steps: [MotionStep] = []
  /// The place of each step's sighting among those of the path; -1 for none.
  private(set) var sightings: [Int] = []
  /// The place of each step among the frames; -1 for one that was forgotten.
  private(set) var places: [Int] = []

  mutating func append(_ step: MotionStep, sighting: Int, place: Int) {
    steps.append(step)
    sightings.append(sighting)
    places.append(place)
  }

  /// Empties it, but keeps its memory.
  mutating func removeAll() {
    steps.removeAll(keepingCapacity: true)
    sightings.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }
}
