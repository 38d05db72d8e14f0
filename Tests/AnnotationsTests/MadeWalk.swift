/// A walk of four frames, of which the third is empty, and a picture.
enum MadeWalk {
  static let lines = [
    #"{"type":"source","source":"a/walk.mp4","uri":"a/walk.mp4","kind":"file","width":200,"#
      + #""height":100,"rotation":0,"codec":"h264","pix_fmt":"yuv420p","time_base":[1,25],"#
      + #""avg_fps":[25,1]}"#,
    frame(0, [("person", 7, 10), ("car", nil, 100)]),
    frame(1, [("person", 7, 12)]),
    frame(2, []),
    frame(3, [("person", 7, 16), ("person", 9, 50)]),
    #"{"type":"end","source":"a/walk.mp4","status":"complete","reason":null,"frames":{"decoded":5,"#
      + #""processed":4,"skipped":1,"dropped":0,"failed":0},"objects":5,"corrupt":0,"#
      + #""reconnects":0,"pts_repaired":0,"first_t":0.0,"last_t":0.12,"elapsed":1.0}"#,
    #"{"type":"frame","source":"b & c/000000000139.png","frame":0,"pts":null,"width":50,"#
      + #""height":40,"objects":[{"label":"car","class_id":3,"confidence":0.75,"#
      + #""bbox":[-5.0,10.0,20.0,40.0]}]}"#,
  ]

  private static func frame(_ index: Int, _ objects: [(String, Int?, Int)]) -> String {
    let list = objects.map { label, track, x in
      #"{"label":"\#(label)","confidence":0.9,"bbox":[\#(x),20.0,30.0,60.0]"#
        + (track.map { #","track_id":\#($0)}"# } ?? "}")
    }
    return #"{"type":"frame","source":"a/walk.mp4","frame":\#(index),"pts":\#(index),"#
      + #""t":\#(Double(index) / 25),"width":200,"height":100,"objects":["#
      + list.joined(separator: ",") + "]}"
  }
}
