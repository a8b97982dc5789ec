// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "dangol",
    products: [
        .executable(name: "dangol", targets: ["dangol"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // Floor 0: leaves.
        .target(
            name: "CEventLog",
            linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("z")]
        ),
        .target(name: "EventLog", dependencies: ["CEventLog"]),
        .target(name: "Statistics"),
        .target(name: "Charts"),
        // Floor 1.
        .target(
            name: "Analysis", dependencies: ["EventLog", "Statistics"],
            exclude: ["README.md"]
                + ["Lifecycle", "Retention", "Sessions", "Stickiness", "Trends"].map { "\($0)/README.md" }
        ),
        // Floor 4.
        .target(name: "Engine", dependencies: ["EventLog", "Analysis", "Statistics"]),
        // Floor 6.
        .executableTarget(
            name: "dangol",
            dependencies: [
                "Engine", "Analysis", "EventLog", "Charts",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        // Kills writers of an event log and checks what they leave behind.
        .executableTarget(
            name: "crashtest",
            dependencies: ["EventLog", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),
        // Measures; not part of the product.
        .executableTarget(
            name: "bench",
            dependencies: [
                "Engine", "Analysis", "EventLog", "Statistics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(name: "AnalysisTests", dependencies: ["Analysis", "EventLog", "Statistics"]),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(
            name: "dangolTests", dependencies: ["dangol", "Analysis", "Engine", "EventLog"], exclude: ["Snapshots"]),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "EventLog"]),
        .testTarget(name: "EventLogTests", dependencies: ["EventLog", "crashtest"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts"], exclude: ["Snapshots"]),
    ],
    cxxLanguageStandard: .cxx17
)

// One set of strict flags for every Swift target.
for target in package.targets where target.name != "CEventLog" {
    var settings = target.swiftSettings ?? []
    settings += [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
        // Exclusive access is checked in debug builds and tests; in a release the checks would run for every row of a
        // scan.
        .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    ]
    target.swiftSettings = settings
}
