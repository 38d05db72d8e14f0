import Geometry
import TestSupport
import Testing
import Tracking

@testable import Configuration

@Suite("Zone settings")
struct ZoneSettingsTests {
  private func read(_ text: String) throws -> ZoneSettings {
    try ZoneSettings(Array(text.utf8), path: "zones.yaml")
  }

  private func fault(_ text: String) -> String {
    do throws(ConfigurationError) {
      _ = try ZoneSettings(Array(text.utf8), path: "zones.yaml")
      return ""
    } catch {
      return error.description
    }
  }

  @Test("YAML and JSON mean the same, points may be texts or lists")
  func formats() throws {
    let yaml = try read(
      """
      # comment
      zones:
        door:
          points: 0.1,0.5 0.9,0.5 0.9,1
          classes: [person, "traffic light"]
          loiter: 1:30
        yard: {points: [[64, 180], [576, 180], "576,300.5"], unit: px, anchor: center, classes: no}
      lines:
        in: {points: "128,180 512,180 px"}
      """)
    let json = try read(
      """
      {"zones": {"door": {"points": "0.1,0.5 0.9,0.5 0.9,1",
      \t"classes": ["person", "traffic light"], "loiter": 90},
        "yard": {"points": [[64,180],[576,180],[576,300.5]], "unit": "px", "anchor": "center",
          "classes": ["no"]}},
       "lines": {"in": {"points": [[128, 180], [512, 180]], "unit": "px"}}}
      """)
    #expect(yaml == json)
    #expect(yaml.zones.map(\.name) == ["door", "yard"])
    #expect(yaml.zones[0].classes == ["person", "traffic light"] && yaml.zones[0].loiterTime == 90)
    #expect(yaml.zones[0].unit == .fractions && yaml.zones[0].anchor == .bottom)
    #expect(yaml.zones[1].unit == .pixels && yaml.zones[1].anchor == .center)
    #expect(yaml.zones[1].points.last == Point(x: 576, y: 300.5))
    #expect(yaml.lines[0].points == [Point(x: 128, y: 180), Point(x: 512, y: 180)])
    #expect(try read("\u{FEFF}zones: {}\n").isEmpty)
  }

  @Test("masks are corners, regions also rectangles")
  func areas() throws {
    let settings = try read(
      """
      masks:
        - 0,0 1,0 1,0.5
        - 0,0 640,0 640,180 px
        - [[0, 0], [0.5, 0], [0.5, 0.25]]
      regions: ["0.5,0.25,0.25,0.5", "10,20,30,40 px", "0,0 1,0 1,1"]
      """)
    #expect(settings.masks.map(\.corners.count) == [3, 3, 3])
    #expect(settings.masks.map(\.unit) == [.fractions, .pixels, .fractions])
    #expect(settings.masks[2].corners[2] == Point(x: 0.5, y: 0.25))
    let corners = [(0.5, 0.25), (0.75, 0.25), (0.75, 0.75), (0.5, 0.75)]
    #expect(settings.regions[0].corners == corners.map { Point(x: $0.0, y: $0.1) })
    #expect(settings.regions[1].unit == .pixels && settings.regions[1].corners[2].x == 40)
    #expect(!settings.isEmpty)
    for text in ["- 0,0 1,1", "- 0,0,1,1", "- 0,0 1,a 1,1", "- x", "- [[0, 0], [1, 1]]", "- {}"] {
      let fault = fault("masks:\n  \(text)\n")
      #expect(fault.hasPrefix("zones.yaml:2:5: "), "\(text): \(fault)")
    }
    for (text, message) in [
      ("masks: [\"0,0 1,1 1,0 0,1\"]", "zones.yaml:1:9: 'masks': The edges from 0,0 and from 1,0"),
      ("masks:\n  - 0,0 1,0 1,1\n  - [[0, 0], [1, 1], [1, 0], [0, 1]]", "zones.yaml:3:5: 'masks'"),
      ("regions:\n  - 0,0 1,1 1,0 0,1 px", "zones.yaml:2:5: 'regions': The edges"),
      ("regions: [\"0,0,0,1\"]", "zones.yaml:1:11: 'regions': It has no area."),
      ("masks: [\"0,0 1,0 1,0 1,1\"]", "zones.yaml:1:9: 'masks': The point 1,0 comes twice"),
    ] {
      #expect(fault(text + "\n").hasPrefix(message), "\(fault(text + "\n"))")
    }
    #expect(fault("regions: 0,0,1,1\n").hasPrefix("zones.yaml:1:10: "))
  }

  @Test("faults name line, column, the key and the nearest known one")
  func places() {
    #expect(
      fault("zones:\n  door:\n    pionts: 0,0 1,0 1,1\n")
        == "zones.yaml:3:5: 'zones.door' has no key 'pionts'. Nearest: points.")
    #expect(fault("zone: {}\n") == "zones.yaml:1:1: The file has no key 'zone'. Nearest: zones.")
    for (text, place) in [
      ("zones:\n  a: {points: 0.5}\n", "2:15: 'zones.a.points'"),
      ("zones:\n  a:\n    points: 0,0 1,1\n", "3:13: 'zones.a'"),
      ("zones:\n  a:\n    points: 0,0 1,1 1,0 0,0.5\n", "3:13: 'zones.a': The edges"),
      ("zones:\n  a:\n    points: 0,0 2,1 1,0\n", "3:13: 'zones.a': The point 2,1"),
      ("zones:\n  a:\n    points: 0,0 nan,1 1,0\n", "3:13: 'zones.a': The point"),
      ("zones:\n  a:\n    points: 0,0 0x1,1 1,0\n", "3:13: 'zones.a.points': '0x1,1'"),
      ("zones:\n  a: {}\n", "2:3: 'zones.a' has no 'points'"),
      ("zones: [a]\n", "1:8: 'zones' isn't a mapping"),
      ("zones:\n  a: {points: [[0, 0], [1], [1, 1]]}\n", "2:24: This point"),
      ("zones:\n  a: {points: [[0, 0], [1, 0], [1, 1]], unit: cm}\n", "2:47: 'zones.a.unit'"),
      ("zones:\n  a: {points: \"0,0 9,0 9,9 px\", unit: fractions}\n", "2:39: 'zones.a.unit'"),
      ("zones:\n  a: {points: \"0,0 1,0 1,1\", loiter: soon}\n", "2:38: 'zones.a.loiter'"),
      ("zones:\n  a: {points: \"0,0 1,0 1,1\", loiter: 0}\n", "2:38: 'zones.a'"),
      ("zones:\n  a: {points: \"0,0 1,0 1,1\", classes: []}\n", "2:39: 'zones.a.classes'"),
      ("zones:\n  a: {points: \"0,0 1,0 1,1\", anchor: left}\n", "2:38: 'zones.a.anchor'"),
      ("zones:\n  '': {points: \"0,0 1,0 1,1\"}\n", "2:3: 'zones.': Its name is empty"),
      ("lines:\n  a: {points: \"0,0 1,0\", loiter: 3}\n", "2:26: 'lines.a' has no key 'loiter'"),
      ("lines:\n  a: {points: \"0,0\"}\n", "2:15: 'lines.a': It has one point"),
      ("zones:\n  a: 1\n  a: 2\n", "2:3: The key 'a' is given twice"),
      ("zones: {\n", "2:1: It isn't YAML"),
      ("? [a]\n: b\n", "1:3: A key isn't a text"),
      ("a\n", "1:1: The file isn't a mapping"),
      ("zones: *a\n", "1:8: It isn't YAML"),
    ] {
      #expect(fault(text).hasPrefix("zones.yaml:\(place)"), "\(text)\(fault(text))")
    }
    #expect(fault("").hasPrefix("zones.yaml: It is empty."))
    #expect(fault("zones: {}\n---\nzones: {}\n").contains("It isn't YAML"))
    let latin = Array("zones: {a".utf8) + [0xE9, 0x7D]
    #expect(throws: ConfigurationError.self) { try ZoneSettings(latin, path: "a") }
  }

  @Test("bombs of aliases, deep nesting and size are refused", .timeLimit(.minutes(20)))
  func bombs() throws {
    var laughs = "a0: &a0 [x, x]\n"
    for level in 1...30 { laughs += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(fault(laughs).contains("aliases"))
    #expect(fault("? *" + laughs).contains("aliases"))
    #expect(!fault(String(repeating: "[", count: 300_000)).isEmpty)
    #expect(!fault(String(repeating: "{a: ", count: 100_000)).isEmpty)
    #expect(!fault(String(repeating: "- ", count: 100_000)).isEmpty)
    #expect(!fault(String(repeating: "? ", count: 100_000)).isEmpty)
    #expect(fault(String(repeating: "#\n", count: 1 << 20)).contains("larger than 1 MiB"))
    // A few aliases are fine.
    let shared = try read(
      """
      zones:
        a: {points: "0,0 1,0 1,1", classes: &people [person, child]}
        b: {points: "0,0 1,0 1,1", classes: *people}
      """)
    #expect(shared.zones[1].classes == ["person", "child"])
  }

  @Test("texts of the command line say what is wrong with them")
  func texts() throws {
    var settings = ZoneSettings()
    try settings.add(zone: "door=0.1,0.5 0.9,0.5 0.9,1", option: "--zone")
    try settings.add(line: "a b= 20,30  40,50 px ", option: "--line")
    #expect(settings.zones[0].name == "door" && settings.zones[0].points.count == 3)
    #expect(settings.lines[0].name == "a b" && settings.lines[0].unit == .pixels)
    for text in [
      "", "door", "door=", "=0,0 1,0 1,1", "door=0,0 1,1", "door=0,0 1,0 1,1,1", "door=0;0 1;1 1;0",
      "door=0,0 10,0 1,1", "door=0,0 px 1,0 1,1", "door=0,0 1,1 1,0 0,0.5",
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        try settings.add(zone: text, option: "--zone")
      }
      #expect(error?.place == "--zone '\(text)'" && error?.message.isEmpty == false)
    }
    #expect(settings.zones.count == 1)
    #expect(throws: ConfigurationError.self) { try settings.add(line: "a=0,0", option: "--line") }
  }
}
