internal import Support

extension RunRecord.Options.Tracking {
  /// A `run` line that also says how its objects were tracked, with the line end; everything else
  /// in it stays as it was written.
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
    json.key(Key.options)
    json.beginObject()
    let track = RunRecord.OptionKey.track
    for option in options.map({ JSONMember.members(of: $0.json) }) ?? []
    where option.name != track.rawValue {
      json.member(option.name, option.json)
    }
    json.key(track)
    write(to: &json)
    json.endObject()
    json.endObject()
    json.endLine()
    return json.bytes
  }
}

extension JSONWriter {
  /// Writes a key with a value that is JSON text.
  mutating func member(_ name: String, _ text: some Sequence<UInt8>) {
    key(name)
    json(text)
  }
}
