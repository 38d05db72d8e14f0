internal import Support

/// What a `run` line says about tracks and events that were found in its results later.
public struct TrackedRunLine: Hashable, Sendable {
  /// How objects were tracked; `nil` if their tracks stay as they are.
  public var tracking: RunRecord.Options.Tracking?
  /// The zones of the events, which replace those of earlier events.
  public var zones: [RunRecord.Options.Place]
  /// The lines of the events.
  public var lines: [RunRecord.Options.Place]

  /// Makes a statement from its parts.
  public init(
    tracking: RunRecord.Options.Tracking?, zones: [RunRecord.Options.Place] = [],
    lines: [RunRecord.Options.Place] = []
  ) {
    self.tracking = tracking
    self.zones = zones
    self.lines = lines
  }

  /// A `run` line that states this in its options, with the line end; everything else in it stays
  /// as it was written.
  ///
  /// `line` is valid JSON. One whose options are no object is returned as it is.
  public func stated(in line: [UInt8]) -> [UInt8] {
    typealias Key = RunRecord.Key
    let members = JSONMember.members(of: line[...])
    let options = members.last { $0.name == Key.options.rawValue }
    if let first = options?.json.first, first != UInt8(ascii: "{") {
      return line + [UInt8(ascii: "\n")]
    }
    var json = JSONWriter()
    json.beginObject()
    for member in members where member.name != Key.options.rawValue {
      json.member(member.name, member.json)
    }
    if options != nil || tracking != nil || !zones.isEmpty || !lines.isEmpty {
      json.key(Key.options)
      write(options.map { JSONMember.members(of: $0.json) } ?? [], to: &json)
    }
    json.endObject()
    json.endLine()
    return json.bytes
  }

  /// Writes the options with these members.
  private func write(
    _ options: [(name: String, json: ArraySlice<UInt8>)], to json: inout JSONWriter
  ) {
    typealias Key = RunRecord.OptionKey
    var replaced: Set<String> = [Key.zones.rawValue, Key.lines.rawValue]
    if tracking != nil { replaced.insert(Key.track.rawValue) }
    json.beginObject()
    for option in options where !replaced.contains(option.name) {
      json.member(option.name, option.json)
    }
    if let tracking {
      json.key(Key.track)
      tracking.write(to: &json)
    }
    RunRecord.Options.write(zones: zones, lines: lines, to: &json)
    json.endObject()
  }
}

extension RunRecord.Options {
  /// Writes the members about zones and lines, if there are any.
  static func write(zones: [Place], lines: [Place], to json: inout JSONWriter) {
    for (key, places) in [(RunRecord.OptionKey.zones, zones), (.lines, lines)]
    where !places.isEmpty {
      json.key(key)
      json.beginArray()
      for place in places { place.write(to: &json) }
      json.endArray()
    }
  }
}

extension JSONWriter {
  /// Writes a key with a value that is JSON text.
  mutating func member(_ name: String, _ text: some Sequence<UInt8>) {
    key(name)
    json(text)
  }
}
