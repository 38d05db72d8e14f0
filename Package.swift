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

let package = Package(
  name: "stream-detect",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "StreamDetect", targets: ["StreamDetect"]),
    .executable(name: "stream-detect", targets: ["stream-detect"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C, and the system's libraries
    .systemLibrary(
      name: "CFFmpeg", pkgConfig: "libavformat libavcodec libswscale libavutil",
      providers: [.apt(["libavdevice-dev", "libavformat-dev", "libavcodec-dev", "libswscale-dev"])]),
    .systemLibrary(
      name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CKernels", exclude: ["README.md"], cSettings: cSettings),
    // The default model, put into the program by the C compiler: no resource bundle to lose, and
    // Swift never parses an array of millions of numbers.
    .target(name: "CDefaultModel", exclude: ["default.safetensors"], cSettings: cSettings),

    // What every module needs
    .target(
      name: "Support",
      dependencies: [.target(name: "CCrypto", condition: .when(platforms: [.linux]))],
      swiftSettings: settings),
    .target(name: "Geometry", swiftSettings: settings),

    // Files from the network
    .target(
      name: "Download",
      dependencies: ["Support"],
      swiftSettings: settings),

    // The engine and the networks
    .target(name: "Layers", dependencies: ["CKernels", "Support"], swiftSettings: settings),
    .target(name: "Backbone", dependencies: ["Layers"], swiftSettings: settings),
    .target(
      name: "SSDLite", dependencies: ["Backbone", "Geometry", "Layers"], swiftSettings: settings),
    .target(
      name: "Models",
      dependencies: [
        "Backbone", "CDefaultModel", "Geometry", "Layers", "SSDLite", "Support",
      ],
      swiftSettings: settings),
    .target(
      name: "ModelImport", dependencies: ["Backbone", "Layers", "Models", "SSDLite", "Support"],
      swiftSettings: settings),

    // Media
    .target(
      name: "Media",
      dependencies: [
        "CFFmpeg", "Support", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    // Packets kept on disk; not part of the library
    .target(
      name: "Recording",
      dependencies: ["Media", "Support", .product(name: "Logging", package: "swift-log")],
      swiftSettings: settings),
    .target(
      name: "Pictures",
      dependencies: ["CFFmpeg", "CFreeType", "CKernels", "Geometry", "Media", "Support"],
      swiftSettings: settings),

    // Annotations and results in files
    .target(name: "Annotations", dependencies: ["Geometry", "Support"], swiftSettings: settings),
    .target(name: "Tracking", dependencies: ["Geometry", "Support"], swiftSettings: settings),
    .target(
      name: "Evaluation", dependencies: ["Annotations", "Geometry", "Support"],
      swiftSettings: settings),
    // The page's markup, style and script become arrays of bytes in the program.
    .target(
      name: "Report",
      dependencies: ["Annotations", "Geometry", "Support"],
      resources: [
        "page.html", "page.css", "base.js", "axis.js", "timeline.js", "charts.js", "heat.js",
        "table.js", "main.js",
      ].map { .embedInCode("Page/Assets/" + $0) },
      swiftSettings: settings),

    // Settings in files; not part of the library
    .target(
      name: "Configuration",
      dependencies: ["Geometry", "Support", "Tracking", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),

    // From sources to results
    .target(
      name: "Pipeline",
      dependencies: [
        "Geometry", "Layers", "Media", "Pictures", "SSDLite", "Support", "Tracking",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .target(
      name: "Output",
      dependencies: [
        "Annotations", "Geometry", "Media", "Pictures", "Pipeline", "SSDLite", "Support",
        "Tracking",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    // Thousands of files; not part of the library
    .target(
      name: "Batch",
      dependencies: ["Annotations", "Media", "Output", "Pipeline", "SSDLite", "Support"],
      swiftSettings: settings),
    .target(
      name: "StreamDetect",
      dependencies: [
        "Annotations", "Download", "Evaluation", "Geometry", "Layers", "Media", "ModelImport",
        "Models", "Output", "Pictures", "Pipeline", "SSDLite", "Support", "Tracking",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "stream-detect",
      dependencies: [
        "Annotations", "Backbone", "Batch", "Configuration", "Download", "Evaluation", "Geometry",
        "Layers", "Media", "ModelImport", "Models", "Output", "Pictures", "Pipeline", "Report",
        "SSDLite", "StreamDetect", "Support", "Tracking",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["Layers", "Support"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "CKernelsTests", dependencies: ["CKernels", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "LayersTests", dependencies: ["Layers", "Support", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "BackboneTests", dependencies: ["Backbone", "Layers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SSDLiteTests", dependencies: ["Geometry", "SSDLite", "Layers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "GoldenTests",
      dependencies: ["Backbone", "Geometry", "SSDLite", "Layers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ModelsTests",
      dependencies: ["Backbone", "Layers", "ModelImport", "Models", "SSDLite", "TestSupport"],
      swiftSettings: settings),
    .target(
      name: "MediaTestSupport", dependencies: ["Media", "Output", "Pictures", "TestSupport"],
      path: "Tests/MediaTestSupport", swiftSettings: settings),
    .testTarget(
      name: "MediaTests",
      dependencies: ["CFFmpeg", "Media", "MediaTestSupport", "Pictures", "Support", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "RecordingTests",
      dependencies: [
        "Media", "Recording", "Support", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PicturesTests",
      dependencies: [
        "CFFmpeg", "Geometry", "Media", "MediaTestSupport", "Output", "Pictures", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "Backbone", "Geometry", "Layers", "Media", "Pictures", "Pipeline", "SSDLite", "Support",
        "TestSupport", "Tracking",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "OutputTests",
      dependencies: [
        "Annotations", "Geometry", "Media", "Output", "Pictures", "Pipeline", "SSDLite", "Support",
        "TestSupport", "Tracking",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "BatchTests",
      dependencies: ["Annotations", "Batch", "Output", "Pipeline", "Support", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DownloadTests", dependencies: ["Download", "Support", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "AnnotationsTests",
      dependencies: ["Annotations", "Geometry", "Support", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "TrackingTests",
      dependencies: ["Evaluation", "Geometry", "Support", "TestSupport", "Tracking"],
      swiftSettings: settings),
    .testTarget(
      name: "ConfigurationTests",
      dependencies: ["Configuration", "Geometry", "TestSupport", "Tracking"],
      swiftSettings: settings),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["Annotations", "Evaluation", "Geometry", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ReportTests",
      dependencies: ["Annotations", "Geometry", "Report", "Support", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "StreamDetectTests",
      dependencies: [
        "Download", "Evaluation", "Geometry", "Layers", "Media", "ModelImport", "Models", "Output",
        "Pipeline", "SSDLite", "StreamDetect", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ProgramTests",
      dependencies: [
        "Annotations", "Download", "Models", "Output", "Pipeline", "StreamDetect", "stream-detect",
        "TestSupport",
      ],
      swiftSettings: settings),
  ]
)

// libFuzzer's entry points are built by `make fuzz` only: they take its flags and its `main`.
if Context.environment["STREAM_DETECT_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Annotations", "Configuration", "Download", "Evaluation", "Layers", "Media", "ModelImport",
        "Models", "Pipeline", "Report", "Support",
      ],
      path: "fuzz", exclude: ["seeds.py"],
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}

// The rules for sanitizers and release name the test targets that they run. What those don't need
// isn't built, which halves the time.
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
