// Prints the objects in each frame of a video, one line per frame: list-objects VIDEO [MODEL]
internal import Foundation
internal import StreamDetect
internal import Pipeline

let arguments = CommandLine.arguments.dropFirst()
guard let video = arguments.first, arguments.count <= 2 else {
  print("usage: list-objects VIDEO [MODEL]")
  exit(2)
}
let detector =
  if let model = arguments.dropFirst().first { try StreamDetector(modelPath: model) } else {
    try StreamDetector()
  }
for try await result in detector.results(of: video) {
  let names = result.detections.map { detector.label(of: $0) }
  print("\(result.t) s: \(names.joined(separator: ", "))")
}
