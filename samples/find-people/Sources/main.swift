// Prints where people are in a photograph: find-people PHOTOGRAPH
import Foundation
import StreamDetect

let detector = try Detector()
let photograph = try Picture(contentsOf: URL(filePath: CommandLine.arguments[1]))
let options = ObjectOptions(confidence: 0.5, classes: ["person"])
for person in try detector.objects(in: photograph, options: options) {
  let (box, confidence) = (person.box, Int((person.confidence * 100).rounded()))
  print(
    "\(person.label) (\(confidence) %) at \(Int(box.x)), \(Int(box.y)): "
      + "\(Int(box.width)) x \(Int(box.height)) pixels")
}
