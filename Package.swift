// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "dangol",
    products: [
        .executable(name: "dangol", targets: ["dangol"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0: leaves.
        .target(
            name: "CEventLog",
            linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("z")]
        ),
        .target(
            name: "EventLog",
            dependencies: ["CEventLog", .product(name: "HashTreeCollections", package: "swift-collections")]
        ),
        .target(name: "CStatistics"),
        .target(name: "Statistics", dependencies: ["CStatistics"]),
        .target(name: "Charts"),
        .target(name: "State", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
        // Floor 1.
        .target(
            name: "Analysis", dependencies: ["EventLog", "Statistics"],
            exclude: ["README.md"]
                + ["Lifecycle", "Retention", "Sessions", "Stickiness", "Trends"].map { "\($0)/README.md" }
        ),
        .target(
            name: "Access",
            dependencies: [
                "State", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            exclude: ["README.md"]
        ),
        .target(
            name: "People",
            dependencies: [
                "EventLog", "State", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["README.md"]
        ),
        .target(
            name: "Catalog",
            dependencies: ["EventLog", "State", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["README.md"]
        ),
        .target(
            name: "Settings", dependencies: ["State", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["README.md"]
        ),
        // Floor 2.
        .target(
            name: "Audiences",
            dependencies: [
                "EventLog", "State", "Analysis", "Statistics", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["README.md"]
        ),
        .target(
            name: "Insights",
            dependencies: [
                "State", "Analysis", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["README.md"]
        ),
        .target(
            name: "Lifecycle",
            dependencies: [
                "EventLog", "State", "Analysis", "Statistics", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["README.md"]
        ),
        .target(name: "Reports", dependencies: ["Analysis", "Charts"], exclude: ["README.md"]),
        .target(
            name: "Collection",
            dependencies: ["EventLog", "State", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["README.md"]
        ),
        // Floor 3.
        .target(
            name: "Recommendations",
            dependencies: [
                "EventLog", "State", "Statistics", "Analysis", .product(name: "GRDB", package: "GRDB.swift"),
            ], exclude: ["README.md"]),
        // Floor 4.
        .target(
            name: "Engine",
            dependencies: [
                "EventLog", "State", "Analysis", "Access", "People", "Catalog", "Settings", "Audiences",
                "Collection", "Insights", "Lifecycle", "Recommendations",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        // Floor 5.
        .target(
            name: "Server",
            dependencies: [
                "Engine", "EventLog", "Analysis", "Access", "People", "Catalog", "Settings", "Audiences", "Collection",
                "Charts", "Insights", "Lifecycle", "Recommendations", "Reports", "Statistics",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["README.md"],
            resources: [.copy("Console/Resources")]
        ),
        .target(name: "DemoWorld", dependencies: ["Statistics"], exclude: ["README.md"]),
        // Floor 6.
        .executableTarget(
            name: "dangol",
            dependencies: [
                "Server", "DemoWorld", "Engine", "Analysis", "EventLog", "Reports", "Access", "People", "Catalog",
                "Settings", "Audiences", "Collection", "Insights", "Lifecycle", "Recommendations", "Statistics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        // Kills writers of an event log and checks what they leave behind.
        .executableTarget(
            name: "crashtest",
            dependencies: [
                "EventLog", "Statistics", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        // Measures; not part of the product.
        .executableTarget(
            name: "bench",
            dependencies: [
                "DemoWorld", "Engine", "Analysis", "Audiences", "EventLog", "Lifecycle", "Recommendations",
                "Statistics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        // Tests.
        .target(name: "ChildProcess", path: "Tests/ChildProcess"),
        .target(name: "RandomCases", dependencies: ["Statistics"], path: "Tests/RandomCases"),
        .testTarget(
            name: "AccessTests", dependencies: ["Access", "State", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(
            name: "AudiencesTests",
            dependencies: ["Audiences", "Analysis", "EventLog", "State", "Statistics", "RandomCases"]),
        .testTarget(
            name: "CatalogTests",
            dependencies: [
                "Catalog", "EventLog", "State", "RandomCases", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(name: "CollectionTests", dependencies: ["Collection", "EventLog", "State", "ChildProcess"]),
        .testTarget(
            name: "PeopleTests",
            dependencies: [
                "People", "EventLog", "State", "RandomCases", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Engine", "Analysis", "Access", "People", "Settings", "Audiences", "Collection", "EventLog",
                "Insights", "Lifecycle", "Reports",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .testTarget(
            name: "StateTests", dependencies: ["State", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(
            name: "LifecycleTests",
            dependencies: ["Lifecycle", "Analysis", "DemoWorld", "EventLog", "State", "Statistics"]),
        .testTarget(name: "InsightsTests", dependencies: ["Insights", "Analysis", "State"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "Analysis", "EventLog"]),
        .testTarget(
            name: "RecommendationsTests",
            dependencies: ["Recommendations", "Analysis", "DemoWorld", "EventLog", "State", "Statistics"]),
        .testTarget(name: "AnalysisTests", dependencies: ["Analysis", "EventLog", "Statistics", "RandomCases"]),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(
            name: "dangolTests",
            dependencies: [
                "dangol", "Access", "Analysis", "Collection", "DemoWorld", "Engine", "EventLog", "Recommendations",
                "Reports",
                "Charts", "ChildProcess",
            ],
            exclude: ["Snapshots"]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Engine", "Analysis", "Settings", "EventLog", "State", "People", "Audiences", "Catalog", "Collection",
                "Lifecycle", "Recommendations", "RandomCases",
            ]),
        .testTarget(name: "EventLogTests", dependencies: ["EventLog", "crashtest", "ChildProcess", "RandomCases"]),
        .testTarget(name: "DemoWorldTests", dependencies: ["DemoWorld", "Statistics"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts"], exclude: ["Snapshots"]),
    ],
    cxxLanguageStandard: .cxx17
)

// One set of strict flags for every Swift target.
for target in package.targets where !["CEventLog", "CStatistics"].contains(target.name) {
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
