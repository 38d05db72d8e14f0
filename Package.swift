// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let cSettings: [CSetting] = [
  .enableWarning("all"),
  .enableWarning("extra"),
  .enableWarning("conversion"),
  .treatAllWarnings(as: .error),
]

#if os(Linux)
// Nothing links FFmpeg's libraries here: CFFmpegLate loads them.
let linkedFFmpeg: String? = nil
#else
let linkedFFmpeg: String? = "libavformat libavcodec libswscale libavutil"
#endif

let package = Package(
  name: "stream-detect",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "StreamDetect", targets: ["StreamDetect"]),
    .executable(name: "stream-detect", targets: ["stream-detect"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // C, and the system's libraries
    .systemLibrary(
      name: "CFFmpeg", pkgConfig: linkedFFmpeg,
      providers: [.apt(["libavdevice-dev", "libavformat-dev", "libavcodec-dev", "libswscale-dev"])]),
    // Stands in for FFmpeg's functions until they are called.
    .target(name: "CFFmpegLate", cSettings: cSettings),
    .systemLibrary(
      name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    .target(name: "CKernels", exclude: ["README.md"], cSettings: cSettings),
    // The default model, put into the program by the C compiler: no resource bundle to lose, and
    // Swift never parses an array of millions of numbers.
    .target(name: "CDefaultModel", exclude: ["default.safetensors"], cSettings: cSettings),

    // The engine and the networks
    .target(name: "Layers", dependencies: ["CKernels"], swiftSettings: settings),
    .target(name: "Backbone", dependencies: ["Layers"], swiftSettings: settings),
    .target(name: "SSDLite", dependencies: ["Backbone", "Layers"], swiftSettings: settings),
    .target(
      name: "Models",
      dependencies: [
        "Backbone", "CDefaultModel", "Layers", "SSDLite",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),

    // Media, pipeline, output
    .target(
      name: "VideoIO",
      dependencies: [
        "CFFmpeg", "CFFmpegLate", "CFreeType", "CKernels",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .target(
      name: "Pipeline",
      dependencies: [
        "Layers", "SSDLite", "VideoIO", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .target(
      name: "Output",
      dependencies: [
        "Pipeline", "SSDLite", "VideoIO", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .target(name: "Evaluation", swiftSettings: settings),
    .target(
      name: "StreamDetect",
      dependencies: [
        "Backbone", "Evaluation", "Layers", "Models", "Output", "Pipeline", "SSDLite", "VideoIO",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "stream-detect",
      dependencies: [
        "StreamDetect",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),

    // Samples
    .executableTarget(
      name: "list-objects", dependencies: ["StreamDetect"], path: "samples/list-objects",
      swiftSettings: settings),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["Layers"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "CKernelsTests", dependencies: ["CKernels", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "LayersTests", dependencies: ["Layers", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "BackboneTests", dependencies: ["Backbone", "Layers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SSDLiteTests", dependencies: ["SSDLite", "Layers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "GoldenTests", dependencies: ["Backbone", "SSDLite", "Layers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ModelsTests",
      dependencies: ["Models", "Backbone", "SSDLite", "Layers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "VideoIOTests", dependencies: ["VideoIO", "CFFmpeg", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "PipelineTests",
      dependencies: ["Pipeline", "VideoIO", "SSDLite", "Backbone", "Layers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "OutputTests",
      dependencies: ["Output", "Pipeline", "VideoIO", "SSDLite", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "StreamDetectTests", dependencies: ["StreamDetect", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ProgramTests", dependencies: ["StreamDetect", "stream-detect", "TestSupport"],
      swiftSettings: settings),
  ]
)

// libFuzzer's entry points are built by `make fuzz` only: they take its flags and its `main`.
if Context.environment["STREAM_DETECT_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz", dependencies: ["Evaluation", "Layers", "Models", "Pipeline", "VideoIO"],
      path: "fuzz", exclude: ["seeds.py"],
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}

// The rules for sanitizers and release name the test targets that they run. What those don't need isn't
// built, which halves the time.
if let suites = Context.environment["STREAM_DETECT_SUITES"] {
  var needed: Set<String> = []
  var waiting = suites.split(separator: " ").map(String.init)
  while let name = waiting.popLast() {
    guard needed.insert(name).inserted else { continue }
    for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
      switch dependency {
      case .targetItem(let name, _), .byNameItem(let name, _): waiting.append(name)
      default: continue
      }
    }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  package.products = []
}
