// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as a program that uses the library would have it.
let package = Package(
  name: "find-people",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "stream-detect", path: "../..")],
  targets: [
    .executableTarget(
      name: "find-people",
      dependencies: [.product(name: "StreamDetect", package: "stream-detect")],
      path: "Sources",
      swiftSettings: [
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ]
)
