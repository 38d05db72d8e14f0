// Prints what a model finds in a video, a line for each frame: list-objects MODEL VIDEO
internal import Foundation
internal import StreamDetect

guard CommandLine.arguments.count == 3 else {
  print("usage: list-objects MODEL VIDEO")
  exit(2)
}
let detector = try StreamDetector(modelPath: CommandLine.arguments[1])
for try await result in detector.results(of: CommandLine.arguments[2]) {
  let names = result.detections.map { detector.label(of: $0) }
  print("\(result.t) s: \(names.joined(separator: ", "))")
}
