import Foundation

@testable import Report

/// Lines as a run writes them, for digests with known answers.
enum Lines {
  static func source(
    _ name: String = "a", kind: String = "file", width: Int = 100, height: Int = 50
  ) -> String {
    #"{"type":"source","source":"\#(name)","uri":"\#(name).mp4","kind":"\#(kind)","#
      + #""width":\#(width),"height":\#(height),"time_base":[1,1000],"avg_fps":[10,1]}"#
  }

  static func frame(
    _ t: Double, source: String = "a", wall: String? = nil, _ objects: [String] = []
  ) -> String {
    let wall = wall.map { #","wall":"\#($0)""# } ?? ""
    return #"{"type":"frame","source":"\#(source)","frame":\#(Int(t * 10)),"t":\#(t)\#(wall),"#
      + #""width":100,"height":50,"objects":[\#(objects.joined(separator: ","))]}"#
  }

  static func object(
    _ label: String, _ track: Int? = nil, box: [Double] = [10, 10, 20, 20],
    confidence: Double = 0.5, isPredicted: Bool = false
  ) -> String {
    #"{"label":"\#(label)","confidence":\#(confidence),"bbox":\#(box)"#
      + (track.map { #","track_id":\#($0)"# } ?? "") + (isPredicted ? #","predicted":true}"# : "}")
  }

  static func event(
    _ what: String, at t: Double, track: Int = 1, label: String = "person", _ more: String = ""
  ) -> String {
    let isPhase = what == "start" || what == "end"
    return
      #"{"type":"event","source":"a","id":"a-\#(track)","phase":"\#(isPhase ? what : "update")""#
      + (isPhase ? "" : #","change":"\#(what)""#)
      + #","t":\#(t),"label":"\#(label)","confidence":0.75,"track_id":\#(track)\#(more)}"#
  }

  static func end(_ name: String = "a", status: String = "complete") -> String {
    #"{"type":"end","source":"\#(name)","status":"\#(status)","reason":null}"#
  }

  static func run(_ id: String) -> String {
    #"{"type":"run","schema":"stream-detect/1","run_id":"\#(id)"}"#
  }
}

/// The digest of files of lines.
func digest(_ files: [String]..., keepsCourse: Bool = true) throws -> RunDigest {
  var digest = RunDigest(keepsCourse: keepsCourse)
  for lines in files {
    digest.beginFile()
    for (index, line) in lines.enumerated() {
      try digest.take(Array(line.utf8), path: "run.jsonl", number: index + 1)
    }
  }
  return digest
}
